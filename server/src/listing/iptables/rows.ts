import type { IptablesOption } from "../../syntax/iptables/command.ts";
import { FORMATS } from "./formats.ts";
import { type Given, type Saved, unknownValue, writtenOption } from "./given.ts";

/** One option of an extension in the order in which the options are printed. */
interface Column {
  readonly option: string;
  /** What it is printed as, where that is another option. */
  readonly as: string;
  readonly formats: readonly string[];
  /** Printed where the option is not given. */
  readonly fallback?: string;
  /** Not printed where it has this value. */
  readonly silent?: string;
  readonly onlyNegated: boolean;
}

export type Row = (given: Given, tool: string) => Saved;

/**
 * Reads a table of rows `name[/family] : column …`. A column is `option[>printed][:format…][=fallback][~silent]`;
 * with `!` before it, it is printed only where it is negated. Formats are those of `formats.ts`, one for each value.
 */
export function readRows(lines: readonly string[]): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (const line of lines) {
    const [title = "", body = ""] = line.split(" : ");
    const columns = body.split(" ").filter(Boolean).map(readColumn);
    rows.set(title.trim(), (given, tool) => fillRow(columns, given, tool));
  }
  return rows;
}

function readColumn(text: string): Column {
  const parts = /^(!?)([^:=~>]+)(?:>([^:=~]+))?((?::[^:=~]+)*)(?:=([^~]*))?(?:~(.*))?$/.exec(text);
  const [, mark, option = "", as = option, formats = "", fallback, silent] = parts ?? [];
  return {
    option,
    as,
    formats: formats.split(":").filter(Boolean),
    ...(fallback === undefined ? {} : { fallback }),
    ...(silent === undefined ? {} : { silent }),
    onlyNegated: mark === "!",
  };
}

function fillRow(columns: readonly Column[], given: Given, tool: string): Saved {
  const parts: string[] = [];
  let unknown: string | undefined;
  for (const column of columns) {
    const option = given.option(column.option);
    if (!option) {
      if (column.fallback !== undefined) parts.push(`--${column.as} ${column.fallback}`);
      continue;
    }
    if (column.onlyNegated && !option.negated) continue;
    const cell = fillColumn(column, option, given.family, tool);
    if (cell.text !== undefined) parts.push(cell.text);
    unknown ??= cell.unknown;
  }
  return { parts, ...(unknown === undefined ? {} : { unknown }) };
}

function fillColumn(
  column: Column,
  option: IptablesOption,
  family: 4 | 6,
  tool: string,
): { text?: string; unknown?: string } {
  const unknown = unknownValue([option]);
  if (unknown !== undefined) return { text: writtenOption(option), unknown };
  const texts: string[] = [];
  for (const [i, format] of column.formats.entries()) {
    const value = option.values[i]?.text ?? "";
    const formatted = FORMATS[format]?.(value, family);
    if (typeof formatted !== "string")
      return {
        text: writtenOption(option),
        unknown: formatted?.because ?? `how ${tool} shows ${option.written} ${value}`,
      };
    texts.push(formatted);
  }
  if (column.silent !== undefined && texts.join(" ") === column.silent) return {};
  return { text: [`${option.negated ? "! " : ""}--${column.as}`, ...texts].join(" ") };
}
