import { lazyRule } from "../../listing/iptables/rule-text.ts";
import { type Condition, CT_STATE, type RuleBody, type RuleItem, type Statement } from "../../model/rule.ts";
import { numbers } from "../../model/values.ts";
import type { IptablesCommand, IptablesOption } from "../../syntax/iptables/command.ts";
import { isForeignTarget, matchExtension, targetExtension } from "../../syntax/iptables/extensions.ts";
import { cover, type Span } from "../../text/span.ts";
import { withJoinedPorts } from "../joined-ports.ts";
import { CORE_CONDITIONS, MATCH_CONDITIONS, type Translate } from "./match-conditions.ts";
import { moduleFact, optionFact } from "./opaque-facts.ts";
import { targetStatements } from "./target-statements.ts";

/** What a jump names: a target of iptables, a chain, a target iptables lacks, or a word of unknown value. */
export type JumpKind = "none" | "target" | "chain" | "foreign" | "unknown";

/** `isChain` is asked for names that are no target of iptables. */
export function jumpKind(command: IptablesCommand, isChain: (name: string) => boolean): JumpKind {
  const { jump } = command;
  if (!jump) return "none";
  if (jump.target.unknown !== undefined) return "unknown";
  const name = jump.target.text;
  if (!jump.goto && targetExtension(command.program, name)) return "target";
  return !jump.goto && isForeignTarget(command.program, name) && !isChain(name) ? "foreign" : "chain";
}

const bodies = new WeakMap<IptablesCommand, Map<JumpKind, RuleBody>>();

/**
 * The rule of a command. Shared: one command has one body per kind of jump. Conditions stand in the order
 * in which iptables keeps them, so that `-D` finds a rule whose options were written in another order.
 */
export function ruleBody(command: IptablesCommand, jump: JumpKind): RuleBody {
  let known = bodies.get(command);
  if (!known) {
    known = new Map();
    bodies.set(command, known);
  }
  let body = known.get(jump);
  if (!body) {
    body = makeBody(command, jump);
    known.set(jump, body);
  }
  return body;
}

function makeBody(command: IptablesCommand, jump: JumpKind): RuleBody {
  const conditions = [
    ...coreConditions(command),
    ...moduleConditions(command),
    ...strangerConditions(command),
  ];
  const items: RuleItem[] = conditions.map((condition) => ({ item: "condition", condition }));
  for (const statement of jumpStatements(command, jump)) items.push({ item: "statement", statement });
  const joined = portsOfOneModule(command) ? withJoinedPorts(items, JOINED_BY) : items;
  return { ...withComment(command, joined), listed: lazyRule(command, jump) };
}

const JOINED_BY = "whether iptables is older than 1.8.11, which joins two negated ports into one comparison";

/** Two negated ports of one `-m tcp`. */
function portsOfOneModule(command: IptablesCommand): boolean {
  const negated = command.options.filter(
    ({ negated, name, owner }) => negated && owner.kind === "match" && /^[sd]port$/.test(name),
  );
  return negated.length === 2;
}

function withComment(command: IptablesCommand, items: readonly RuleItem[]): RuleBody {
  const comment = command.options.find(
    (option) =>
      option.owner.kind === "match" && option.owner.module === "comment" && option.name === "comment",
  )?.values[0]?.text;
  return comment === undefined ? { items } : { items, comment };
}

const CORE_ORDER = ["source", "destination", "in-interface", "out-interface", "protocol", "fragment"];

function coreConditions(command: IptablesCommand): Condition[] {
  const conditions: Condition[] = [];
  for (const name of CORE_ORDER) {
    for (const option of command.options) {
      if (option.owner.kind === "core" && option.name === name)
        conditions.push(...translated(option, CORE_CONDITIONS[name], command));
    }
  }
  return conditions;
}

function moduleConditions(command: IptablesCommand): Condition[] {
  const conditions: Condition[] = [];
  const written = command.options.filter((option) => option.owner.kind === "core" && option.name === "match");
  let explicit = 0;
  for (const [instance, module] of command.modules.entries()) {
    const word = module.implicit ? undefined : written[explicit++]?.values[0];
    if (!module.known) {
      const fact = word?.unknown ?? `the match ${module.name}`;
      conditions.push({ kind: "opaque", fact, stable: false, span: module.span });
      continue;
    }
    const own = command.options.filter(
      (option) => option.owner.kind === "match" && option.owner.instance === instance,
    );
    conditions.push(
      ...instanceConditions(command, module.name, own, module.implicit ? undefined : module.span),
    );
  }
  return conditions;
}

function instanceConditions(
  command: IptablesCommand,
  module: string,
  own: readonly IptablesOption[],
  at: Span | undefined,
): readonly Condition[] {
  if (module === "comment" || module === "standard") return [];
  if (NEEDS_EXTENSION_HEADER.has(module)) {
    const span = own.reduce(
      (sum, option) => cover(sum, option.span),
      at ?? own[0]?.span ?? { start: 0, end: 0 },
    );
    return [{ kind: "match", field: "exthdr", values: numbers(0, 255), span }];
  }
  const fact = moduleFact(module, own);
  if (fact) {
    const span = own.reduce(
      (sum, option) => cover(sum, option.span),
      at ?? own[0]?.span ?? { start: 0, end: 0 },
    );
    const unknown = own
      .flatMap((option) => option.values)
      .find((value) => value.unknown !== undefined)?.unknown;
    return [{ kind: "opaque", fact: unknown ?? fact.fact, stable: fact.stable, span }];
  }
  const table = Object.hasOwn(MATCH_CONDITIONS, module) ? MATCH_CONDITIONS[module] : undefined;
  const conditions = inSpecOrder(command, module, own).map((option) => ({
    isState: option.name === "ctstate",
    conditions: translated(option, table?.[option.name], command),
  }));
  const all = conditions.flatMap((one) => one.conditions);
  return module === "conntrack" ? stateBeforeTheRest(conditions, all) : all;
}

/**
 * For a packet without a connection (invalid, untracked) conntrack_mt asks for the state alone and skips the other
 * options (xt_conntrack.c).
 */
function stateBeforeTheRest(
  options: readonly { readonly isState: boolean; readonly conditions: readonly Condition[] }[],
  all: readonly Condition[],
): readonly Condition[] {
  const state = options.filter((one) => one.isState).flatMap((one) => one.conditions);
  const rest = options.filter((one) => !one.isState).flatMap((one) => one.conditions);
  if (state.length === 0 || rest.length === 0) return all;
  const span = rest.reduce((sum, one) => cover(sum, one.span), rest[0]!.span);
  const noConnection: Condition = { kind: "match", field: "ctstate", values: WITHOUT_CONNECTION, span };
  return [
    ...state,
    { kind: "anyOf", conditions: [noConnection, { kind: "allOf", conditions: rest, span }], span },
  ];
}

const WITHOUT_CONNECTION = numbers(CT_STATE.invalid).union(numbers(CT_STATE.untracked));

/** Without its IPv6 extension header such a match fails, negated or not; no packet of FTP has one. */
const NEEDS_EXTENSION_HEADER = new Set(["rt", "frag", "hbh", "dst", "mh", "srh"]);

/** Options of one module in the module's own order: the order they are written in means nothing. */
function inSpecOrder(
  command: IptablesCommand,
  module: string,
  own: readonly IptablesOption[],
): readonly IptablesOption[] {
  if (own.length < 2) return own;
  const specs = matchExtension(command.program, module)?.options ?? [];
  const rank = (option: IptablesOption) => specs.findIndex((spec) => spec.names[0] === option.name);
  return [...own].sort((a, b) => rank(a) - rank(b));
}

function translated(
  option: IptablesOption,
  translate: Translate | undefined,
  command: IptablesCommand,
): readonly Condition[] {
  const { span } = option;
  const unknown = option.values.find((value) => value.unknown !== undefined)?.unknown;
  if (unknown !== undefined) return [{ kind: "opaque", fact: unknown, stable: true, span }];
  const meaning = translate?.(option, option.values[0]?.text ?? "", command.program === "iptables" ? 4 : 6);
  if (meaning !== undefined && meaning !== "unreadable") return meaning;
  return [{ kind: "opaque", ...optionFact(option), span }];
}

/** Options and words that belong to nothing we know; those of unknown matches are in the match's condition. */
function strangerConditions(command: IptablesCommand): Condition[] {
  const found = new Map<string, Condition>();
  const covered = new Set(
    command.modules.filter((module) => !module.known).map((module) => `the match ${module.name}`),
  );
  for (const option of command.options) {
    const stray = option.owner.kind === "core" && option.name === "" && option.values.length > 0;
    if (option.owner.kind !== "unknown" && !stray) continue;
    const fact =
      option.owner.kind === "unknown" ? option.owner.fact : `the word “${option.values[0]?.text ?? ""}”`;
    if (covered.has(fact) || fact.startsWith("the target ")) continue;
    const before = found.get(fact);
    found.set(fact, {
      kind: "opaque",
      fact,
      stable: true,
      span: before ? cover(before.span, option.span) : option.span,
    });
  }
  return [...found.values()];
}

function jumpStatements(command: IptablesCommand, kind: JumpKind): readonly Statement[] {
  const { jump } = command;
  if (!jump) {
    // A word of unknown value may bring a target with it.
    const word =
      command.uncertain === undefined
        ? undefined
        : command.options.find((option) => option.owner.kind === "unknown");
    return word && command.uncertain !== undefined
      ? [{ kind: "opaque", fact: command.uncertain, span: word.span }]
      : [];
  }
  const name = jump.target.text;
  const own = command.options.filter((option) => option.owner.kind === "target");
  const span = own.reduce((sum, option) => cover(sum, option.span), jump.span);
  switch (kind) {
    case "target":
      return targetStatements(command, name, span);
    case "chain":
      return [
        { kind: "verdict", verdict: { type: jump.goto ? "goto" : "jump", chain: name }, span: jump.span },
      ];
    case "unknown":
      return [{ kind: "opaque", fact: jump.target.unknown ?? name, span: jump.span }];
    default:
      return [{ kind: "opaque", fact: `what the target ${name} does`, span }];
  }
}
