import type { Listed, ListRule } from "../../model/rule.ts";
import type { IptablesCommand, IptablesModule, IptablesOption } from "../../syntax/iptables/command.ts";
import { STANDARD_TARGETS } from "../../syntax/iptables/target-table.ts";
import { coreParts } from "./core.ts";
import { Given, type Save, type Saved, writtenOption } from "./given.ts";
import { MATCH_ROWS } from "./match-rows.ts";
import { COMPARED_BY_NAME, MATCH_SAVES } from "./matches.ts";
import { writtenWord } from "./quote.ts";
import { type Row, readRows } from "./rows.ts";
import { TARGET_ROWS } from "./target-rows.ts";
import { TARGET_SAVES } from "./targets.ts";
import { joinTransport, readTransport, type Transport, transportTexts } from "./transport.ts";

/** What the jump of a command leads to. */
export type ListedJump = "none" | "target" | "chain" | "foreign" | "unknown";

/** The rule of a command as iptables-save prints it behind the chain; made when it is first asked for. */
export function lazyRule(command: IptablesCommand, jump: ListedJump): ListRule {
  let text: RuleText | undefined;
  return (chain) => {
    text ??= ruleText(command, jump);
    return listed(text, chain);
  };
}

interface RuleText {
  readonly before: string;
  /** As far as `-D` and `-C` look. */
  readonly compared: string;
  /** The chain that the rule leads to, by the name it was written with. */
  readonly chain?: string;
  readonly unknown?: string;
}

function listed(text: RuleText, chain: (written: string) => string): Listed {
  const target = text.chain === undefined ? "" : chain(text.chain);
  return {
    text: text.before + target,
    identity: text.compared + target,
    ...(text.unknown === undefined ? {} : { unknown: text.unknown }),
  };
}

/** One extension's text, and what of it tells rules apart. */
interface Piece extends Saved {
  readonly compared?: string;
}

function ruleText(command: IptablesCommand, jump: ListedJump): RuleText {
  const target = jumpPiece(command, jump);
  const pieces: Piece[] = [coreParts(command), ...matchPieces(command), strangers(command), target.piece];
  const join = (parts: readonly string[]) => parts.filter((part) => part !== "").join(" ");
  const unknown = pieces.find((piece) => piece.unknown !== undefined)?.unknown ?? command.uncertain;
  const blank = target.chain === undefined ? "" : " ";
  return {
    before: join(pieces.flatMap((piece) => piece.parts)) + blank,
    compared: join(pieces.flatMap((piece) => piece.compared ?? piece.parts)) + blank,
    ...(target.chain === undefined ? {} : { chain: target.chain }),
    ...(unknown === undefined ? {} : { unknown }),
  };
}

const ROWS = { match: lazily(() => readRows(MATCH_ROWS)), target: lazily(() => readRows(TARGET_ROWS)) };

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function rowOf(kind: "match" | "target", name: string, family: 4 | 6): Row | undefined {
  const rows = ROWS[kind]();
  return rows.get(name) ?? rows.get(`${name}/${family}`);
}

function toolOf(command: IptablesCommand): string {
  return `${command.program}-save`;
}

/** The matches in the order written. */
function matchPieces(command: IptablesCommand): Piece[] {
  const family = command.program === "iptables" ? 4 : 6;
  const merged = new TransportMatches();
  const pieces: (() => Piece)[] = command.modules.map((module, instance) => {
    if (!module.known) return () => unknownMatch(command, module);
    const own = command.options.filter(
      (option) => option.owner.kind === "match" && option.owner.instance === instance,
    );
    const given = new Given(own, family);
    const transport =
      (module.name === "tcp" || module.name === "udp") && given.unknown === undefined
        ? readTransport(given)
        : undefined;
    if (transport) return merged.add(module.name, transport);
    return () => extension(`-m ${module.name}`, module.name, "match", given, toolOf(command));
  });
  return pieces.map((piece) => piece());
}

/** `-m tcp` and `-m udp` of one rule become one, see `transport.ts`. */
class TransportMatches {
  #parts: Transport["parts"] | undefined;

  /** What stands at this place, once all matches are known. */
  add(name: string, { parts, opaque }: Transport): () => Piece {
    if (opaque) return () => ({ parts: [`-m ${name}`, ...transportTexts(parts)] });
    const first = this.#parts === undefined;
    this.#parts = joinTransport(this.#parts ?? {}, parts);
    return () => {
      const texts = first ? transportTexts(this.#parts ?? {}) : [];
      return { parts: texts.length > 0 ? [`-m ${name}`, ...texts] : [] };
    };
  }
}

function extension(head: string, name: string, kind: "match" | "target", given: Given, tool: string): Piece {
  const saves: Readonly<Record<string, Save>> = kind === "match" ? MATCH_SAVES : TARGET_SAVES;
  const save = Object.hasOwn(saves, name) ? saves[name] : undefined;
  const row = save ? undefined : rowOf(kind, name, given.family);
  const saved = row ? row(given, tool) : savedBy(save, given, head, tool);
  return {
    ...saved,
    parts: [head, ...saved.parts],
    ...(kind === "match" && COMPARED_BY_NAME.has(name) ? { compared: head } : {}),
  };
}

function savedBy(save: Save | undefined, given: Given, head: string, tool: string): Saved {
  const parts = given.unknown === undefined ? save?.(given) : undefined;
  if (parts) return { parts };
  return { parts: given.all.map(writtenOption), unknown: given.unknown ?? `how ${tool} shows ${head}` };
}

/** A match that iptables does not have, or whose name is not known, with the options that may be its own. */
function unknownMatch(command: IptablesCommand, module: IptablesModule): Piece {
  const fact = `the match ${module.name}`;
  const own = strangeOptions(command).filter((option) => factOf(option) === fact);
  return { parts: [`-m ${module.name}`, ...own.map(writtenOption)], unknown: fact };
}

function factOf(option: IptablesOption): string | undefined {
  return option.owner.kind === "unknown" ? option.owner.fact : undefined;
}

/** Options that belong to nothing that is known. */
function strangeOptions(command: IptablesCommand): IptablesOption[] {
  return command.options.filter(
    (option) =>
      option.owner.kind === "unknown" ||
      (option.owner.kind === "core" && option.name === "" && option.values.length > 0),
  );
}

/** Those that neither an unknown match nor an unknown target takes. */
function strangers(command: IptablesCommand): Piece {
  const taken = command.modules.filter((module) => !module.known).map((module) => `the match ${module.name}`);
  const own = strangeOptions(command).filter((option) => {
    const fact = factOf(option) ?? "";
    return !taken.includes(fact) && !fact.startsWith("the target ");
  });
  const [first] = own;
  if (!first) return { parts: [] };
  return {
    parts: own.map(writtenOption),
    unknown: factOf(first) ?? `the word “${first.values[0]?.text ?? ""}”`,
  };
}

function jumpPiece(command: IptablesCommand, kind: ListedJump): { piece: Piece; chain?: string } {
  const { jump } = command;
  if (!jump || kind === "none") return { piece: { parts: [] } };
  const name = jump.target.text;
  const head = `${jump.goto ? "-g" : "-j"}`;
  if (kind === "chain") return { piece: { parts: [head] }, chain: name };
  if (kind === "target") {
    if (STANDARD_TARGETS.includes(name)) return { piece: { parts: [head, name] } };
    const own = command.options.filter((option) => option.owner.kind === "target");
    const given = new Given(own, command.program === "iptables" ? 4 : 6);
    return { piece: extension(`${head} ${name}`, name, "target", given, toolOf(command)) };
  }
  const own = strangeOptions(command).filter((option) => factOf(option)?.startsWith("the target "));
  const written = jump.target.unknown === undefined ? writtenWord(name) : name;
  return {
    piece: {
      parts: [head, written, ...own.map(writtenOption)],
      unknown: jump.target.unknown ?? `the target ${name}`,
    },
  };
}
