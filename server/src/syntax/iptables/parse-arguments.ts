import type { Word } from "../word.ts";
import { type ParseState, refuse } from "./parse-state.ts";
import { valueError } from "./value-checks.ts";

/** The form `--dport ! 21`, which iptables dropped: notes it and says yes. */
export function insideNegation(state: ParseState, first: Word, written: string): boolean {
  if (first.text !== "!" || first.unknown !== undefined || state.words[state.at] === undefined) return false;
  refuse(
    state,
    first.span,
    `“${written} ! …” is the old way to negate, and iptables no longer accepts it. Put the “!” before ${written}.`,
  );
  return true;
}

export function checkValue(state: ParseState, written: string, kind: string | undefined, value: Word): void {
  if (kind === undefined || value.unknown !== undefined) return;
  const why = valueError(kind, value.text, state.program);
  if (why === undefined) return;
  const shown = value.text.length > 60 ? `${value.text.slice(0, 60)}…` : value.text;
  refuse(state, value.span, `“${shown}” is not valid after ${written}: ${why}.`, "invalid-value");
}
