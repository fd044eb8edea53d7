import type { Operation } from "../../model/operation.ts";
import type { Family } from "../../model/ruleset.ts";
import { parseNft } from "../../syntax/nftables/parse.ts";
import type { NftFile } from "../../syntax/nftables/tree.ts";
import type { Command } from "../../syntax/shell/shell-file.ts";
import type { Frame, Origin, Placed } from "../../text/origin.ts";
import type { Span } from "../../text/span.ts";
import { convertNft, type NftContext } from "../nftables/convert.ts";
import type { Conversion } from "../result.ts";
import type { CommandCache } from "./command-cache.ts";
import { fileInput } from "./files.ts";
import { noteComments } from "./inline-comment.ts";
import type { Interpreter } from "./interpreter.ts";
import { MappedText, moveBody } from "./mapped-text.ts";
import { lost, record } from "./restore-command.ts";
import { standardInput } from "./standard-input.ts";
import type { Unit } from "./state.ts";
import type { InputText } from "./streams.ts";
import { excerpt, type Field, type Status } from "./value.ts";

/** Options of nft that take a value, and those that only ask. */
const WITH_VALUE = new Set(["-f", "--file", "-I", "--includepath", "-D", "--define"]);
const READ_ONLY = new Set(["list", "get", "monitor", "describe", "export"]);

/** `nft -f FILE`, `nft -f - <<EOF`, `nft add rule …`, `nft 'add table inet t; …'`. */
export function runNft(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const { file, words, asks } = readOptions(fields);
  if (asks) return { unknown: "what nft answers" };
  if (file !== undefined) return loadFile(interpreter, command, file);
  const first = words[0];
  if (first === undefined) {
    // Without arguments nft reads nothing; a redirection shows that -f - was meant.
    return true;
  }
  if (first.unknown === undefined && READ_ONLY.has(first.text.trim().split(/\s/)[0] ?? "")) {
    const known = listed(interpreter, words);
    if (known !== undefined) return known;
    return { unknown: `the outcome of "nft ${excerpt(words.map((word) => word.text).join(" "))}"` };
  }
  const unknown = words.find((word) => word.unknown !== undefined);
  if (unknown?.unknown !== undefined) return lost(interpreter, command, unknown.unknown);
  const { unit } = interpreter;
  return load(interpreter, unit, wordsAsText(unit, words), interpreter.placed(command));
}

const FAMILIES: ReadonlySet<string> = new Set(["ip", "ip6", "inet", "arp", "bridge", "netdev"]);

/** `nft list table inet fw` and `nft list chain inet fw input` succeed where there is one; undefined: something else. */
function listed({ live, presence, output }: Interpreter, words: readonly Field[]): Status | undefined {
  if (output !== undefined || words.some(({ unknown }) => unknown !== undefined)) return undefined;
  const [verb, noun, ...rest] = words.flatMap(({ text }) => text.trim().split(/\s+/));
  const family = FAMILIES.has(rest[0] ?? "") ? (rest.shift() as Family) : "ip";
  const [name, chain, ...more] = rest;
  if (verb !== "list" || name === undefined || more.length > 0) return undefined;
  const table = { backend: "nftables", family, name } as const;
  if (noun === "table" && chain === undefined) return live.hasTable(table);
  if (noun !== "chain" || chain === undefined) return undefined;
  const there = live.hasTable(table);
  return there === true ? live.hasChain(table, chain, presence) : there;
}

function readOptions(fields: readonly Field[]) {
  let file: Field | undefined;
  let asks = false;
  let at = 0;
  for (; at < fields.length; at++) {
    const field = fields[at]!;
    const { text } = field;
    if (field.unknown !== undefined || !text.startsWith("-")) break;
    if (/^-[a-zA-Z]*f$/.test(text) || text === "--file") file = fields[++at];
    else if (text.startsWith("--file=")) file = { ...field, text: text.slice("--file=".length) };
    else if (WITH_VALUE.has(text)) at++;
    else if (text === "-c" || text === "--check" || text === "-h" || text === "-v") asks = true;
  }
  return { file, asks, words: fields.slice(at) };
}

function loadFile(interpreter: Interpreter, command: Command, file: Field): Status {
  if (file.unknown !== undefined) return lost(interpreter, command, file.unknown);
  const stdin = file.text === "-" || file.text === "/dev/stdin";
  const input: InputText | undefined = stdin
    ? standardInput(interpreter)
    : fileInput(interpreter, file.text, command);
  if (input === undefined) return lost(interpreter, command, "what nft reads");
  if (input.kind === "unknown") return lost(interpreter, command, input.fact);
  if (input.kind === "inline") {
    const [unknown] = input.unknowns;
    if (unknown !== undefined) return lost(interpreter, command, unknown);
    if (input.isHereDocument) keepHereDocument(interpreter, input.unit, input.text);
    return load(interpreter, input.unit, input.text);
  }
  const found = interpreter.options.resolve(input.name);
  if (found === "pending") interpreter.recorder.need(input.name);
  if (found === "pending" || found === "missing")
    return lost(interpreter, command, `what the file ${excerpt(input.name)} holds`);
  const frame: Frame = {
    kind: "include",
    name: input.name,
    file: interpreter.unit.path,
    at: interpreter.placed(command),
  };
  const context = contextOf(interpreter, found.path);
  const nft = parseNft(found.text);
  interpreter.recorder.included.push({ ...found, dialect: "nft", file: nft });
  const conversion = convertNft(nft, context, { partial: true });
  const status = statusOf(interpreter, conversion);
  const done = status === false ? { ...conversion, operations: [] } : conversion;
  record(interpreter, done, [...interpreter.frames, frame]);
  return status;
}

function keepHereDocument({ recorder, cache }: Interpreter, unit: Unit, text: MappedText): void {
  const offset = (position: number) => unit.file.offset(text.start(position));
  recorder.nftHereDocument({ file: unit.path, nft: parsed(cache, text.text), offset });
}

function parsed(cache: CommandCache, text: string): NftFile {
  return cache.nft.get(text, () => parseNft(text));
}

/** `whole`: the command in whose words the text stands; otherwise every line is a statement of its own. */
function load(interpreter: Interpreter, unit: Unit, text: MappedText, whole?: Placed): Status {
  const file = parsed(interpreter.cache, text.text);
  noteComments({ recorder: interpreter.recorder, unit }, text, () => file.comments);
  const conversion = convertNft(file, contextOf(interpreter, unit.path), { partial: true });
  const status = statusOf(interpreter, conversion);
  // A run of nft does all that it is to do, or nothing; what it refuses is said.
  const done = status === false ? { ...conversion, operations: [] } : conversion;
  record(interpreter, moved(done, text, unit, whole), interpreter.frames);
  return status;
}

function statusOf({ live, presence }: Interpreter, { operations, problems }: Conversion): Status {
  const unclear = operations.find((operation) => operation.op === "unknown");
  if (unclear?.op === "unknown") return { unknown: unclear.fact };
  if (problems.some((problem) => problem.refused && problem.severity === "error")) return false;
  return live.statusOfNft(operations, presence);
}

function contextOf(interpreter: Interpreter, path: string): NftContext {
  const { resolve, list } = interpreter.options;
  return { path, resolve, list, session: interpreter.nftSession };
}

/** nft joins its arguments with blanks. */
function wordsAsText(unit: Unit, words: readonly Field[]): MappedText {
  const text = new MappedText();
  const { source } = unit.file;
  words.forEach((word, index) => {
    if (index > 0) text.append(" ", word.start, word.start);
    const inner = source.slice(word.start + 1, word.end - 1) === word.text;
    if (inner) text.append(word.text, word.start + 1, word.end - 1);
    else text.append(word.text, word.start, word.end);
  });
  return text;
}

/** Positions of the text that nft gets, as positions in the script. */
function moved(conversion: Conversion, text: MappedText, unit: Unit, whole?: Placed): Conversion {
  const place = (origin: Origin): Origin => {
    if (origin.file !== unit.path) return origin;
    const { statement } = origin;
    const start = unit.file.offset(text.start(statement.start));
    const end = Math.max(start, unit.file.offset(text.end(statement.end)));
    const placed = whole ?? { start, end };
    return { ...origin, statement: placed, span: within(origin.span, statement.start, placed.start) };
  };
  const within = (span: Span, from: number, base: number): Span => {
    const start = unit.file.offset(text.start(from + span.start)) - base;
    return { start, end: Math.max(start, unit.file.offset(text.end(from + span.end)) - base) };
  };
  return {
    needs: conversion.needs,
    included: conversion.included,
    problems: conversion.problems.map((problem) => ({ ...problem, origin: place(problem.origin) })),
    operations: conversion.operations.map((operation) => {
      const origin = place(operation.origin);
      const from = operation.origin.statement.start;
      const verbatim =
        whole === undefined &&
        text.isVerbatim(from, operation.origin.statement.end) &&
        unit.file.source === unit.file.text;
      if (verbatim || operation.origin.file !== unit.path) return placeParts(operation, origin, place);
      const move = (span: Span) => within(span, from, origin.statement.start);
      return placeParts(moveRule(operation, move), origin, place);
    }),
  };
}

function moveRule(operation: Operation, move: (span: Span) => Span): Operation {
  switch (operation.op) {
    case "append":
    case "insert":
    case "replace":
      return { ...operation, body: moveBody(operation.body, move) };
    default:
      return operation;
  }
}

function placeParts(operation: Operation, origin: Origin, place: (origin: Origin) => Origin): Operation {
  switch (operation.op) {
    case "addSet":
      return { ...operation, origin, set: { ...operation.set, origin: place(operation.set.origin) } };
    case "addHelper":
      return {
        ...operation,
        origin,
        helper: { ...operation.helper, origin: place(operation.helper.origin) },
      };
    case "addObject":
      return {
        ...operation,
        origin,
        object: { ...operation.object, origin: place(operation.object.origin) },
      };
    default:
      return { ...operation, origin };
  }
}
