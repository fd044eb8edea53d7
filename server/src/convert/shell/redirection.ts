import type { Redirect, Redirection } from "../../syntax/shell/shell-file.ts";
import { fileNameOf, pathOf, writeFile } from "./files.ts";
import type { Interpreter } from "./interpreter.ts";
import { redirectedInputs } from "./standard-input.ts";
import { Sink } from "./streams.ts";
import type { Status } from "./value.ts";

/** Where standard output goes: nobody reads it, or a file of that name gets it. */
type Target = "nowhere" | { readonly path: string; readonly append: boolean };

/** Runs a command that reads and writes what its redirections say. */
export function redirected(
  interpreter: Interpreter,
  redirects: readonly Redirection[],
  body: () => Status,
): Status {
  if (redirects.length === 0) return body();
  const { hidesComplaints } = interpreter;
  interpreter.hidesComplaints ||= discardsErrors(redirects);
  const status = withRedirects(interpreter, redirects, body);
  interpreter.hidesComplaints = hidesComplaints;
  return status;
}

/** `2>/dev/null`, `>/dev/null 2>&1`, `&>/dev/null`, `2>&-` */
function discardsErrors(redirects: readonly Redirection[]): boolean {
  let output = false;
  let errors = false;
  for (const redirect of redirects) {
    if (redirect.type !== "Redirect") continue;
    const { operator, descriptor, target } = redirect;
    const number = descriptor?.type === "FileDescriptor" ? descriptor.value : undefined;
    const isNowhere = target?.text === "/dev/null";
    if (number === 2)
      errors = operator === ">&" && target?.text === "1" ? output : isNowhere || target?.text === "-";
    else if (isOfOutput(redirect)) output = isNowhere;
    if (number === undefined && /^(?:&>>?|>&)$/.test(operator) && isNowhere) errors = true;
  }
  return errors;
}

function withRedirects(
  interpreter: Interpreter,
  redirects: readonly Redirection[],
  body: () => Status,
): Status {
  const { input, output } = interpreter;
  const { descriptors } = interpreter;
  const read = redirectedInputs(interpreter, redirects);
  const target = outputTarget(interpreter, redirects);
  interpreter.input = read.get(0) ?? input;
  if (read.size > 0) interpreter.descriptors = new Map([...descriptors, ...read]);
  if (target === undefined) {
    const status = body();
    interpreter.input = input;
    interpreter.descriptors = descriptors;
    return status;
  }
  const sink = target === "nowhere" ? undefined : new Sink();
  interpreter.output = sink;
  const status = body();
  interpreter.output = output;
  interpreter.input = input;
  interpreter.descriptors = descriptors;
  if (sink && target !== "nowhere") writeFile(interpreter, target.path, sink.pieces, target.append);
  return status;
}

/** `exec 3<file`: for all that follows. */
export function redirectedForGood(interpreter: Interpreter, redirects: readonly Redirection[]): void {
  const read = redirectedInputs(interpreter, redirects);
  const target = outputTarget(interpreter, redirects);
  interpreter.input = read.get(0) ?? interpreter.input;
  interpreter.descriptors = new Map([...interpreter.descriptors, ...read]);
  if (target !== undefined) interpreter.output = undefined;
}

/** undefined: as before. */
function outputTarget(interpreter: Interpreter, redirects: readonly Redirection[]): Target | undefined {
  let target: Target | undefined;
  for (const redirect of redirects) {
    if (redirect.type !== "Redirect" || !isOfOutput(redirect)) continue;
    target = targetOf(interpreter, redirect);
  }
  return target;
}

function isOfOutput({ operator, descriptor }: Redirect): boolean {
  if (operator === "<" || operator === "<&" || operator === "<>") return false;
  return descriptor === undefined || (descriptor.type === "FileDescriptor" && descriptor.value === 1);
}

const NO_FILE = /^\/(?:dev|proc|sys)\//;

function targetOf(interpreter: Interpreter, { operator, target }: Redirect): Target {
  if (target === undefined) return "nowhere";
  const path = fileNameOf(interpreter.expander.value(target));
  if (path === undefined || NO_FILE.test(path) || path === "") return "nowhere";
  // `>&2`: another descriptor.
  if (operator === ">&" && /^\d+$|^-$/.test(path)) return "nowhere";
  return { path: pathOf(interpreter, path), append: operator.endsWith(">>") };
}
