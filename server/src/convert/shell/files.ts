import type { Interpreter } from "./interpreter.ts";
import { matchesPattern } from "./pattern.ts";
import { type InputText, inputText, type StreamPiece } from "./streams.ts";
import { excerpt, type Field, type Value } from "./value.ts";

/** What a file holds for a command of the script that reads it. */
export type FileContent =
  | { readonly pieces: readonly StreamPiece[] }
  /** `fact` completes "it depends on …". */
  | { readonly unknown: string };

/** What the script wrote into the file itself, or what the workspace has under that name. */
export function readFile(
  interpreter: Interpreter,
  name: string,
  node: { readonly pos: number; readonly end: number },
): FileContent {
  const path = pathOf(interpreter, name);
  const written = interpreter.state.written(path);
  if (written === "removed") return { unknown: `what the file ${excerpt(name)} holds` };
  if (written !== undefined) return written;
  if (path === "/dev/null") return { pieces: [] };
  if (path === "/dev/stdin" || path === "/dev/fd/0") return inputContent(interpreter);
  const asked = nameToResolve(interpreter, name);
  const found = interpreter.options.resolve(asked);
  if (found === "pending") interpreter.recorder.need(asked);
  if (found === "pending" || found === "missing") return { unknown: `what the file ${excerpt(name)} holds` };
  const { pos, end } = node;
  const { unit } = interpreter;
  return { pieces: [{ text: withoutCarriageReturns(found.text), start: pos, end, unit, file: asked }] };
}

function inputContent({ input }: Interpreter): FileContent {
  if (input === undefined) return { unknown: "what the script reads" };
  return "unknown" in input ? input : { pieces: input.rest() };
}

/** What a program reads from a file of that name. */
export function fileInput(
  interpreter: Interpreter,
  name: string,
  node: { readonly pos: number; readonly end: number },
): InputText {
  const content = readFile(interpreter, name, node);
  if ("unknown" in content) return { kind: "unknown", fact: content.unknown };
  return inputText(content.pieces, interpreter.unit);
}

/** A byte that is not there for the shell's tools either, once somebody has mended the line ends. */
function withoutCarriageReturns(text: string): string {
  return text.replace(/^\ufeff/, "");
}

/** Whether there is such a file: true, false where the script removed it, undefined where nobody knows. */
export function fileExists(interpreter: Interpreter, name: string): boolean | undefined {
  const path = pathOf(interpreter, name);
  const written = interpreter.state.written(path);
  if (written !== undefined) return written === "removed" ? false : "unknown" in written ? undefined : true;
  const asked = nameToResolve(interpreter, name);
  const found = interpreter.options.resolve(asked);
  if (found === "pending") interpreter.recorder.need(asked);
  return typeof found === "string" ? undefined : true;
}

/** The names of the files in a folder of the workspace. */
export function filesIn(interpreter: Interpreter, folder: string): readonly string[] | undefined {
  const asked = nameToResolve(interpreter, folder);
  const names = interpreter.options.list(asked);
  if (names === "pending") interpreter.recorder.need(asked);
  return typeof names === "string" ? undefined : names;
}

/** The files that a pattern such as `rules.d/*.sh` stands for; patterns in the folder's part are not followed. */
export function filesLike(
  interpreter: Interpreter,
  pattern: string,
): readonly string[] | "unknown" | undefined {
  const at = pattern.lastIndexOf("/") + 1;
  const folder = pattern.slice(0, at);
  if (/[*?[\\]/.test(folder)) return undefined;
  const name = pattern.slice(at);
  const names = filesIn(interpreter, folder === "" ? "." : folder.replace(/(?<=.)\/$/, ""));
  if (names === undefined) return "unknown";
  const isHidden = (one: string) => one.startsWith(".") && !name.startsWith(".");
  const found = names.filter((one) => !isHidden(one) && matchesPattern(name, one));
  return [...found].sort().map((one) => folder + one);
}

/** The name of a file, or what stands for it. */
export function fileNameOf(value: Value): string | undefined {
  if (value.kind === "known") return value.text;
  return value.kind === "unknown" ? value.fileName : undefined;
}

/** Whether the script has written the file, or removed it. */
export function wasWritten(interpreter: Interpreter, name: string): boolean {
  return interpreter.state.written(pathOf(interpreter, name)) !== undefined;
}

/** The words of a command, in which the script's own files have names even where nobody knows these. */
export function withOwnFiles(interpreter: Interpreter, fields: readonly Field[]): readonly Field[] {
  if (fields.every(({ fileName }) => fileName === undefined)) return fields;
  return fields.map((field) => {
    const { fileName, unknown, ...rest } = field;
    const isOwn = fileName !== undefined && unknown !== undefined && wasWritten(interpreter, fileName);
    return isOwn ? { ...rest, text: fileName } : field;
  });
}

const FOLDER = "cwd";

/** As the script names it, as long as it stays in its folder. */
function nameToResolve(interpreter: Interpreter, name: string): string {
  const folder = interpreter.state.option(FOLDER);
  const stays = folder === undefined || (folder.kind === "known" && folder.text === ".");
  return stays ? name : pathOf(interpreter, name);
}

/** A name as the script's present folder completes it: `cd /etc/fw` makes of `rules` `/etc/fw/rules`. */
export function pathOf({ state }: Interpreter, name: string): string {
  const folder = state.option(FOLDER);
  const moved = !name.startsWith("/") && folder?.kind === "known" && folder.text !== ".";
  const path = moved ? `${folder.text}/${name}` : name.replace(/^(?:\.\/+)+/, "");
  return path.includes("/.") || path.includes("//") ? normalized(path) : path;
}

function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "." || (part === "" && parts.length > 0)) continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== ".." && parts.at(-1) !== "") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/** `cd DIR` */
export function changeFolder({ state }: Interpreter, name: string): void {
  const folder = state.option(FOLDER);
  const isRelative = !name.startsWith("/");
  const base = isRelative && folder?.kind === "known" ? `${folder.text}/` : "";
  state.setOption(FOLDER, {
    kind: "known",
    text: normalized(`${base}${name}`).replace(/(?<=.)\/$/, "") || ".",
  });
}

/** Text goes into a file: in place of what it held, or behind that. */
export function writeFile(
  { state }: Interpreter,
  path: string,
  pieces: readonly StreamPiece[],
  append: boolean,
): void {
  // Nobody has written to a file before that is named by the shell's process id.
  const before = append
    ? (state.written(path) ?? (path.includes("$$") ? "removed" : undefined))
    : { pieces: [] };
  if (before === undefined) state.write(path, { unknown: `what the file ${excerpt(path)} holds` });
  else if (before === "removed") state.write(path, { pieces });
  else state.write(path, "pieces" in before ? { pieces: [...before.pieces, ...pieces] } : before);
}
