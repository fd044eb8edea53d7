/** No name here is nearly as long. */
const LONGEST = 80;

/** The names that somebody may have meant: at most three, the likeliest first. */
export function similarNames(written: string, names: Iterable<string>): string[] {
  if (written.length > LONGEST) return [];
  const wanted = written.toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  return [...names]
    .map((name) => ({ name, far: wanted.length > 2 && name.includes(wanted) ? 0 : distance(wanted, name) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** "did you mean a or b?"; undefined where nothing is near. */
export function didYouMean(written: string, names: Iterable<string>): string | undefined {
  const near = similarNames(written, names);
  return near.length > 0 ? `did you mean ${near.join(" or ")}?` : undefined;
}

/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(row[j]! + (a[i] === b[j] ? 0 : 1), row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
