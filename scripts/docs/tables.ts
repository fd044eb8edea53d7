import { CODES, type Code, usualLevel } from "../../server/src/checks/codes.ts";
import { CORRECTABLE } from "../../server/src/fixes/refusals.ts";
import { codesReported, codesWithConfiguration, FAILURE_MODES } from "./failure-modes.ts";

/** The modes that each check's page claims, by its code. */
export type Claims = ReadonlyMap<string, readonly number[]>;

const paged = CODES.filter(({ hasPage }) => hasPage);
const loading = CODES.filter(({ hasPage }) => !hasPage);

/** Every check with a page, for the project's README. `folder` is where the pages are from there. */
export function briefTable(folder: string): string {
  const rows = paged.map(
    (one) =>
      `| [${one.code}](${folder}${one.code}.md) | ${usualLevel(one)} | ${one.title} | ${one.fixable ? "yes" : ""} |`,
  );
  return ["| check | severity | fact | fix |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

export function checksTable(claims: Claims): string {
  const rows = paged.map(
    (one) =>
      `| [${one.code}](${one.code}.md) | ${usualLevel(one)} | ${one.title} | ${one.fixable ? "yes" : ""} | ${(claims.get(one.code) ?? []).join(", ")} |`,
  );
  return [
    "| code | severity | what it reports | fix | modes |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

export function loadErrorsTable(): string {
  const rows = loading.map(
    (one) => `| [${one.code}](../load-errors.md#${one.code}) | ${usualLevel(one)} | ${one.title} |`,
  );
  return ["| code | severity | what it reports |", "| --- | --- | --- |", ...rows].join("\n");
}

/** A heading for each code, so that a link can lead to it. */
export function loadErrorsText(): string {
  return loading
    .map((one) => `## ${one.code}\n\n${one.title}.\n\nSeverity: ${usualLevel(one)}.${correction(one)}`)
    .join("\n\n");
}

function correction({ code }: Code): string {
  return CORRECTABLE.has(code) ? " A quick fix corrects it where there is no doubt about what is meant." : "";
}

/** Hints without a fix, which are exceptions from what a hint is. */
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
  return CODES.flatMap(({ code, hasPage, level }) => {
    if (!hasPage) return plain.has(code) ? [`[${code}](load-errors.md#${code})`] : [];
    if (!claims.get(code)?.includes(mode.number)) return [];
    const link = `[${code}](checks/${code}.md)`;
    if (level === "off") return [`${link} *where it is switched on*`];
    return [plain.has(code) || !configured.has(code) ? link : `${link} *with configuration*`];
  });
}

/** What the extension lists and opens: every code with the page that explains it, below docs/; checks first. */
export function pageIndex(): string {
  const entries = [...paged, ...loading].map((one) => ({
    code: one.code,
    severity: usualLevel(one),
    title: one.title,
    page: one.hasPage ? `checks/${one.code}.md` : `load-errors.md#${one.code}`,
  }));
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
