import { CODES } from "../../server/src/cli/codes.ts";
import { codesReported, codesWithConfiguration, FAILURE_MODES } from "./failure-modes.ts";

/** The modes that each check's page claims, by its code. */
export type Claims = ReadonlyMap<string, readonly number[]>;

const paged = CODES.filter(({ hasPage }) => hasPage);
const loading = CODES.filter(({ hasPage }) => !hasPage);

/** Every check with a page, for the project's README. `folder` is where the pages are from there. */
export function briefTable(folder: string): string {
  const rows = paged.map(
    ({ code, severity, title, fixable }) =>
      `| [${code}](${folder}${code}.md) | ${severity} | ${title} | ${fixable ? "yes" : ""} |`,
  );
  return ["| check | severity | fact | fix |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

export function checksTable(claims: Claims): string {
  const rows = paged.map(
    ({ code, severity, title, fixable }) =>
      `| [${code}](${code}.md) | ${severity} | ${title} | ${fixable ? "yes" : ""} | ${(claims.get(code) ?? []).join(", ")} |`,
  );
  return [
    "| code | severity | what it reports | fix | modes |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

export function loadErrorsTable(): string {
  const rows = loading.map(
    ({ code, severity, title }) => `| [${code}](../load-errors.md#${code}) | ${severity} | ${title} |`,
  );
  return ["| code | severity | what it reports |", "| --- | --- | --- |", ...rows].join("\n");
}

/** A heading for each code, so that a link can lead to it. */
export function loadErrorsText(): string {
  return loading
    .map(({ code, severity, title }) => `## ${code}\n\n${title}.\n\nSeverity: ${severity}.`)
    .join("\n\n");
}

/** Hints that have no fix, which are exceptions from what a hint is. */
export function exceptionsText(): string {
  const told = CODES.filter(({ severity, fixable }) => severity === "hint" && !fixable);
  if (told.length === 0) return "";
  const names = told.map(({ code, hasPage }) =>
    hasPage ? `[${code}](${code}.md)` : `[${code}](../load-errors.md#${code})`,
  );
  const verb = told.length === 1 ? "is a hint" : "are hints";
  return `${names.join(" and ")} ${verb} without a fix: what to do is not in the rules.`;
}

/** The catalogue's rows with who reports each mode. `before` has the numbers and names, which are written by hand. */
export function failureModesTable(before: string, claims: Claims): string {
  const rows = [...before.matchAll(/^\| (\d+) \| (.*?) \|.*$/gm)].map(([, number, name]) => {
    const mode = FAILURE_MODES.find((one) => one.number === Number(number));
    return `| ${number} | ${name} | ${mode ? reporters(mode, claims).join(", ") : ""} |`;
  });
  return ["| mode | what is wrong | reported as |", "| --: | --- | --- |", ...rows].join("\n");
}

function reporters(mode: (typeof FAILURE_MODES)[number], claims: Claims): string[] {
  const plain = codesReported(mode);
  const configured = codesWithConfiguration(mode);
  return CODES.flatMap(({ code, hasPage }) => {
    if (!hasPage) return plain.has(code) ? [`[${code}](load-errors.md#${code})`] : [];
    if (!claims.get(code)?.includes(mode.number)) return [];
    const link = `[${code}](checks/${code}.md)`;
    return [plain.has(code) || !configured.has(code) ? link : `${link} *with configuration*`];
  });
}

/** What the extension lists and opens: every code with the page that explains it, below docs/; checks first. */
export function pageIndex(): string {
  const entries = [...paged, ...loading].map(({ code, severity, title, hasPage }) => ({
    code,
    severity,
    title,
    page: hasPage ? `checks/${code}.md` : `load-errors.md#${code}`,
  }));
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
