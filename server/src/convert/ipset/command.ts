import type { IpsetChange } from "../../model/ipset.ts";
import type { ProblemCode } from "../../text/problem.ts";
import { readElement } from "./element.ts";
import { type IpsetShape, readCreate } from "./type.ts";

/** A word of an ipset command. */
export interface IpsetWord {
  readonly text: string;
  /** Why the value is not known, as a noun phrase; `text` is the source then. */
  readonly unknown?: string;
}

/** What one command asks for, as far as ipset's own words go. */
export interface IpsetCommand {
  readonly verb:
    | "create"
    | "add"
    | "delete"
    | "test"
    | "destroy"
    | "list"
    | "save"
    | "restore"
    | "flush"
    | "rename"
    | "swap";
  readonly words: readonly IpsetWord[];
  /** `-exist`: what is there already, or not there any more, is no error. */
  readonly exist: boolean;
  /** `-file NAME` */
  readonly file?: IpsetWord;
}

/** What it does to the sets. `refused`: ipset does nothing. */
export interface IpsetOutcome {
  readonly changes: readonly IpsetChange[];
  readonly refused?: { readonly code: ProblemCode; readonly message: string };
  /** The words behind `create NAME`, to be kept by whoever asks for the set's shape later. */
  readonly created?: string;
}

const VERBS: Readonly<Record<string, IpsetCommand["verb"]>> = {
  ...{ create: "create", new: "create", n: "create", "-N": "create", "--create": "create" },
  ...{ add: "add", "-A": "add", "--add": "add", del: "delete", "-D": "delete", "--del": "delete" },
  ...{ test: "test", "-T": "test", "--test": "test", destroy: "destroy", x: "destroy", "-X": "destroy" },
  ...{ "--destroy": "destroy", list: "list", "-L": "list", "--list": "list", save: "save", "-S": "save" },
  ...{ "--save": "save", restore: "restore", "-R": "restore", "--restore": "restore", flush: "flush" },
  ...{ "-F": "flush", "--flush": "flush", rename: "rename", e: "rename", "-E": "rename" },
  ...{ "--rename": "rename", swap: "swap", w: "swap", "-W": "swap", "--swap": "swap" },
};
const OPTIONS = /^(?:-q|-?-quiet|-s|-?-sorted|-n|-?-name|-t|-?-terse|-r|-?-resolve)$/;

/** Reads the words behind `ipset`; undefined where no command is among them (help, version, nonsense). */
export function readIpset(words: readonly IpsetWord[]): IpsetCommand | undefined {
  let verb: IpsetCommand["verb"] | undefined;
  let exist = false;
  let file: IpsetWord | undefined;
  const rest: IpsetWord[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const { text, unknown } = word;
    const before = verb === undefined;
    if (unknown !== undefined) rest.push(word);
    else if (/^(?:-!|-?-exist)$/.test(text)) exist = true;
    else if (before && Object.hasOwn(VERBS, text)) verb = VERBS[text];
    else if (/^(?:-f|-?-file)$/.test(text)) file = words[++i];
    else if (/^(?:-o|-?-output)$/.test(text)) i++;
    else if (OPTIONS.test(text)) continue;
    else rest.push(word);
  }
  return verb && { verb, words: rest, exist, ...(file && { file }) };
}

/**
 * What a command does, given what is known of the set's shape: undefined where the script does not make it.
 * Commands that only ask do nothing.
 */
export function ipsetOutcome(
  command: IpsetCommand,
  shapeOf: (set: string) => IpsetShape | undefined,
): IpsetOutcome {
  const { verb, words, exist } = command;
  const [first, second] = words;
  if (verb === "list" || verb === "save" || verb === "test" || verb === "restore") return { changes: [] };
  if (first === undefined)
    return verb === "flush" || verb === "destroy" ? { changes: [{ do: verb }] } : { changes: [] };
  if (first.unknown !== undefined) return lost(undefined, first.unknown, verb === "add");
  const set = first.text;
  switch (verb) {
    case "create":
      return create(set, words.slice(1), exist);
    case "flush":
    case "destroy":
      return { changes: [{ do: verb, set }] };
    case "rename":
    case "swap":
      if (second === undefined) return { changes: [] };
      if (second.unknown !== undefined) return lost(undefined, second.unknown, false);
      return { changes: [{ do: verb, set, other: second.text }] };
    default:
      return changeElements(verb, set, words.slice(1), exist, shapeOf(set));
  }
}

function lost(set: string | undefined, fact: string, adds: boolean): IpsetOutcome {
  return { changes: [{ do: "unknown", fact, adds, ...(set !== undefined && { set }) }] };
}

/** Their values say nothing about what the set holds. */
const SIZES = new Set(["hashsize", "maxelem", "bucketsize", "initval", "size", "probes", "resize"]);

function create(set: string, words: readonly IpsetWord[], exist: boolean): IpsetOutcome {
  const texts = words.map(({ text }) => text);
  const unknown = words.find(
    (word, i) => word.unknown !== undefined && !SIZES.has((texts[i - 1] ?? "").replace(/^--/, "")),
  );
  const read = readCreate(set, texts, exist);
  const fact = unknown?.unknown ?? (typeof read === "string" ? read : undefined);
  if (fact === undefined && typeof read !== "string")
    return { changes: [read.change], created: texts.join(" ") };
  // Whatever it holds: it is there from here on.
  const type = { name: "", parts: ["ip" as const] };
  return {
    changes: [
      { do: "create", set, type, signature: "", exist: true },
      { do: "unknown", set, fact: fact ?? "", adds: false },
    ],
  };
}

function changeElements(
  verb: "add" | "delete",
  set: string,
  words: readonly IpsetWord[],
  exist: boolean,
  shape: IpsetShape | undefined,
): IpsetOutcome {
  const [entry, ...options] = words;
  if (entry === undefined) return { changes: [] };
  const adds = verb === "add";
  const unknown = words.find((word) => word.unknown !== undefined)?.unknown;
  if (unknown !== undefined) return lost(set, unknown, adds);
  if (shape === undefined) return lost(set, `what the entry ${entry.text} means in it`, adds);
  const at = options.findIndex(({ text }) => text.replace(/^--/, "") === "timeout");
  const expires = at < 0 ? shape.expires : Number(options[at + 1]?.text) !== 0;
  if (adds && expires) return lost(set, "whether an entry has expired", true);
  const nomatch = options.some(({ text }) => text === "nomatch");
  const elements = readElement(entry.text, shape, nomatch);
  if (elements === "bad") return { changes: [], refused: badEntry(set, entry.text, shape) };
  if ("fact" in elements) return lost(set, elements.fact, adds);
  return { changes: [{ do: verb, set, elements, exist }] };
}

function badEntry(set: string, text: string, { type }: IpsetShape): IpsetOutcome["refused"] {
  const family = type.family === undefined ? "" : ` of IPv${type.family}`;
  return {
    code: "invalid-value",
    message: `“${text}” is no entry${family} for the ipset ${set}, whose type is ${type.name}; ipset refuses it.`,
  };
}
