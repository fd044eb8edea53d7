import type { ReferenceEntry } from "../../reference/entry.ts";
import { lookUp } from "../../reference/lookup.ts";
import type { IptablesCommand, IptablesOption, OperationKind } from "../../syntax/iptables/command.ts";
import type { Word } from "../../syntax/word.ts";
import { contains, type Span, shift } from "../../text/span.ts";
import { code, explain, pieceAt, type Topic, topic } from "./topic.ts";
import { type ValueKind, valueTopic } from "./value-topics.ts";

/** Where a command stands. */
export interface CommandPlace {
  readonly text: string;
  /** Of the statement, in the text. */
  readonly start: number;
  readonly command: IptablesCommand;
  /** What is to say about a chain by its name. */
  readonly chain: (name: string, span: Span) => Topic | undefined;
}

const OPERATIONS: Readonly<Record<OperationKind, string>> = {
  append: "append",
  insert: "insert",
  replace: "replace",
  delete: "delete",
  check: "check",
  flush: "flush",
  deleteChain: "delete-chain",
  newChain: "new-chain",
  policy: "policy",
  renameChain: "rename-chain",
  zero: "zero",
  list: "list",
  listRules: "list-rules",
  help: "help",
  version: "version",
};

/** The option, chain or value of a command under the cursor. */
export function iptablesTopic(place: CommandPlace, offset: number): Topic | undefined {
  const { command, start } = place;
  const at = offset - start;
  const option = optionAt(command.options, at);
  if (option) return optionTopic(place, option, offset);
  if (command.table && contains(command.table.span, at)) return tableTopic(place, command.table);
  const { operation } = command;
  return operation && contains(operation.span, at) ? operationTopic(place, operation, offset) : undefined;
}

/** Where two touch, the one that begins at the cursor. */
function optionAt(options: readonly IptablesOption[], at: number): IptablesOption | undefined {
  const here = options.filter((option) => contains(option.span, at));
  return here.find((option) => at < option.span.end) ?? here[0];
}

function tableTopic(place: CommandPlace, word: Word): Topic | undefined {
  return topic(shift(word.span, place.start), `-t ${word.text}`, lookUp("iptables table", word.text));
}

function operationTopic(
  place: CommandPlace,
  operation: NonNullable<IptablesCommand["operation"]>,
  offset: number,
): Topic | undefined {
  const at = offset - place.start;
  const { chain, argument } = operation;
  if (chain && contains(chain.span, at)) {
    const found = place.chain(chain.text, shift(chain.span, place.start));
    if (found) return found;
  }
  if (argument && operation.kind === "policy" && contains(argument.span, at)) {
    const entry = lookUp("policy", argument.text.toLowerCase());
    const found = topic(shift(argument.span, place.start), `policy ${argument.text}`, entry);
    if (found) return found;
  }
  const entry = lookUp("iptables option", OPERATIONS[operation.kind]);
  return topic(shift(operation.span, place.start), operation.written, entry);
}

function optionTopic(place: CommandPlace, option: IptablesOption, offset: number): Topic | undefined {
  const span = shift(option.span, place.start);
  const value = option.values.find((word) => contains(word.span, offset - place.start));
  const found = value ? wordTopic(place, option, value, offset) : undefined;
  if (found) return found;
  const entry = optionEntry(option);
  const heading = option.negated ? `! ${option.written}` : option.written;
  if (!entry) return { span, text: withoutEntry(option) };
  const negated = option.negated ? "\n\nThe `!` turns it round: the rule fits everything else." : "";
  return { span, text: `${explain(heading, entry)}${negated}`, ftp: isFtpOption(option) };
}

/** `--helper ftp`, wherever it stands. */
function isFtpOption(option: IptablesOption): boolean {
  return option.name === "helper" && /^ftp(-\d+)?$/.test(option.values[0]?.text ?? "");
}

function optionEntry(option: IptablesOption): ReferenceEntry | undefined {
  const { owner, name } = option;
  switch (owner.kind) {
    case "core":
      return lookUp("iptables option", name);
    case "match":
      return lookUp("match option", `${owner.module} --${name}`) ?? lookUp("match", owner.module);
    case "target":
      return lookUp("target option", `${owner.target} --${name}`) ?? lookUp("target", owner.target);
    case "unknown":
      return undefined;
  }
}

function withoutEntry(option: IptablesOption): string {
  if (option.owner.kind === "match")
    return `${code(option.written)} is an option of the match ${code(option.owner.module)}.`;
  if (option.owner.kind === "target")
    return `${code(option.written)} is an option of the target ${code(option.owner.target)}.`;
  const what = option.written || option.values.map((value) => value.text).join(" ");
  return `${code(what)} is **not understood** here: no match or target of this rule has such an option. Whether the rule fits a packet is therefore not known.`;
}

const VALUE_KINDS: Readonly<Record<string, ValueKind>> = {
  dport: "port",
  sport: "port",
  dports: "port",
  sports: "port",
  ports: "port",
  ctorigsrcport: "port",
  ctorigdstport: "port",
  ctreplsrcport: "port",
  ctrepldstport: "port",
  state: "connection state",
  ctstate: "connection state",
  ctstatus: "connection status",
  protocol: "protocol",
  ctproto: "protocol",
  "icmp-type": "ICMP type",
  "icmpv6-type": "ICMPv6 type",
  "tcp-flags": "TCP flag",
  helper: "helper",
  "reject-with": "reject type",
  "src-type": "address type",
  "dst-type": "address type",
};

function wordTopic(
  place: CommandPlace,
  option: IptablesOption,
  word: Word,
  offset: number,
): Topic | undefined {
  const span = shift(word.span, place.start);
  if (option.owner.kind === "core") {
    if (option.name === "jump" || option.name === "goto") return targetTopic(place, option, word, span);
    if (option.name === "match") return topic(span, `-m ${word.text}`, moduleEntry(word.text));
    if (option.name === "table") return tableTopic(place, word);
  }
  const kind = Object.hasOwn(VALUE_KINDS, option.name) ? VALUE_KINDS[option.name] : undefined;
  if (!kind || word.unknown !== undefined) return undefined;
  const piece = pieceAt(place.text, span, offset);
  // In a script the text may be a variable: then the word's value counts.
  const written = place.text.slice(span.start, span.end);
  if (written.includes("$") || piece.text === "") return valueTopic(kind, word.text, span);
  return valueTopic(kind, piece.text, piece.span);
}

function moduleEntry(name: string): ReferenceEntry | undefined {
  const module = name === "icmpv6" || name === "ipv6-icmp" ? "icmp6" : name;
  return lookUp("match", module);
}

function targetTopic(place: CommandPlace, option: IptablesOption, word: Word, span: Span): Topic | undefined {
  if (option.name === "jump") {
    const ftp = word.text === "CT" && place.command.options.some(isFtpOption);
    const found = topic(span, word.text, lookUp("target", word.text), ftp);
    if (found) return found;
  }
  return place.chain(word.text, span);
}
