import type { Statement } from "../../syntax/shell/shell-file.ts";
import type { Interpreter } from "./interpreter.ts";
import { excerpt } from "./value.ts";

const WAITS =
  /^(?:nohup\s+|setsid\s+)*(?:\(|\{\s|(?:\/bin\/)?(?:ba|da)?sh\s+-c\s+["'])?\s*(?:\/bin\/)?sleep\s/;

/**
 * `(sleep 300; iptables -F) &`: a way back for whoever locks himself out. The rules are looked at before that; only
 * `wait` makes the script wait for it.
 */
export function startsLater({ unit, recorder }: Interpreter, { command: { pos, end } }: Statement): boolean {
  const written = unit.file.source.slice(pos, end);
  if (!WAITS.test(written) || /^\s*wait\b/m.test(unit.file.source)) return false;
  recorder.note(`What "${excerpt(written)}" does later is left out.`);
  return true;
}
