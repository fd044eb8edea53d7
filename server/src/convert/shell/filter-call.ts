/** What a program that only looks at its input prints, and whether it succeeds. */
export interface Filtered {
  readonly text: string;
  readonly succeeds: boolean;
}

/** A program with its options set: what it makes of its input; undefined when that is not followed. */
type Filter = (text: string) => Filtered | undefined;

/** Its options and operands by name; `files` are names of files that it reads in place of its input. */
export interface FilterCall {
  readonly filter: Filter;
  readonly files: readonly string[];
}

export type FilterMaker = (args: readonly string[]) => FilterCall | undefined;

export function isOption(text: string): boolean {
  return /^-./.test(text);
}

export function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

export function printed(lines: readonly string[]): Filtered {
  return { text: lines.map((line) => `${line}\n`).join(""), succeeds: true };
}

/** Options with values, short (`-d,` or `-d ,`) or long (`--delimiter=,`); operands undefined: another option is there. */
export function withValues(
  args: readonly string[],
  letters: string,
  long: Readonly<Record<string, string>>,
): { values: Map<string, string>; operands: string[] | undefined } {
  const values = new Map<string, string>();
  const operands: string[] = [];
  let strange = false;
  for (let at = 0; at < args.length; at++) {
    const text = args[at]!;
    const [, name, value] = /^--([\w-]+)=(.*)$/s.exec(text) ?? [];
    if (name !== undefined) {
      if (long[name] === undefined) strange = true;
      else values.set(long[name], value ?? "");
    } else if (/^-[a-zA-Z]/.test(text)) {
      if (!letters.includes(text.charAt(1))) strange = true;
      else values.set(text.charAt(1), text.length > 2 ? text.slice(2) : (args[++at] ?? ""));
    } else operands.push(text);
  }
  return { values, operands: strange ? undefined : operands };
}

export function done(text: string): Filtered {
  return { text, succeeds: true };
}
