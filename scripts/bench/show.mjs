// Figures as a reader wants them.

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function milliseconds(value) {
  return value.toFixed(value < 100 ? 1 : 0);
}

export function megabytes(value) {
  return value.toFixed(0);
}

/** "18.2/20.4/31.0 (15)" */
export function spread(values) {
  const figures = [Math.min(...values), median(values), Math.max(...values)].map(milliseconds);
  return `${figures.join("/")} (${values.length})`;
}

/** Prints rows of texts below their headings: words to the left, figures to the right. */
export function table(headings, rows) {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const isFigure = headings.map((_, column) => rows.some((row) => /^[×\d]/.test(row[column])));
  for (const row of all) {
    const cells = row.map((cell, i) => (isFigure[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])));
    console.log(`  ${cells.join("  ")}`.trimEnd());
  }
  console.log();
}
