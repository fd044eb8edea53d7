import { IPTABLES_TABLES } from "../../model/builtin-chains.ts";
import type { Operation } from "../../model/operation.ts";
import type { Presence } from "../../model/rule.ts";
import type { TableId } from "../../model/ruleset.ts";
import { chainNameError } from "../../syntax/iptables/chain-name.ts";
import type {
  IptablesCommand,
  IptablesOperation,
  IptablesProblem,
  OperationKind,
} from "../../syntax/iptables/command.ts";
import { targetExtension } from "../../syntax/iptables/extensions.ts";
import { FOREIGN_TARGETS } from "../../syntax/iptables/target-table.ts";
import type { Origin } from "../../text/origin.ts";
import { within } from "../../text/origin.ts";
import type { Problem, ProblemCode } from "../../text/problem.ts";
import { rulesOf, tooManyRules } from "./one-address.ts";
import { placementProblems } from "./placement.ts";
import { jumpKind, ruleBody } from "./rule-body.ts";
import { builtinHook, iptablesTable } from "./tables.ts";

export interface CommandPlace {
  /** Of the whole command; problems get their own span within its statement. */
  readonly origin: Origin;
  readonly presence: Presence;
  /** The table where the command has no `-t`: that of the save file's section. Default: filter. */
  readonly table?: string;
  /**
   * Whether a user chain exists at this point. Without it every name that is no target is taken for a chain,
   * and `undefined-chain` is not reported.
   */
  readonly isChain?: (table: TableId, chain: string) => boolean;
  /** Convert commands that iptables refuses too, as they were meant (for save files). Default: false. */
  readonly keepRefused?: boolean;
}

export interface ConvertedCommand {
  readonly operations: readonly Operation[];
  readonly problems: readonly Problem[];
}

/** The table a command works on; undefined when a word of unknown value names it. */
export function tableOf(command: IptablesCommand, section = "filter"): TableId | undefined {
  if (command.table?.unknown !== undefined) return undefined;
  const family = command.program === "iptables" ? "ip" : "ip6";
  return iptablesTable(family, command.table?.text ?? section);
}

/**
 * What one iptables command does to the ruleset, and everything that is wrong with it (the parser's problems
 * too). A command that iptables refuses does nothing, unless `keepRefused`.
 */
export function convertIptablesCommand(command: IptablesCommand, place: CommandPlace): ConvertedCommand {
  if (command.otherFamily) return { operations: [], problems: [] };
  const table = tableOf(command, place.table);
  const found = problemsOf(command, table, place);
  const problems =
    found.length === 0
      ? NO_PROBLEMS
      : found.map(({ span, ...rest }): Problem => ({ ...rest, origin: within(place.origin, span) }));
  const fails = found.some((problem) => problem.refused && problem.severity === "error");
  if (fails && !place.keepRefused) return { operations: [], problems };
  if (table && !IPTABLES_TABLES.includes(table.name)) return { operations: [], problems };
  return { operations: changes(command, table, place), problems };
}

const NO_PROBLEMS: readonly Problem[] = [];

function problemsOf(
  command: IptablesCommand,
  table: TableId | undefined,
  place: CommandPlace,
): readonly IptablesProblem[] {
  if (!table) return command.problems;
  const known = fixedProblems(command, table);
  const dynamic = [missingChain(command, table, place), jumpProblem(command, table, place)].filter(
    (problem) => problem !== undefined,
  );
  return dynamic.length > 0 ? [...known, ...dynamic] : known;
}

/** The chain that a command works on must be there. */
function missingChain(
  { operation }: IptablesCommand,
  table: TableId,
  place: CommandPlace,
): IptablesProblem | undefined {
  const chain = operation?.chain;
  if (!place.isChain || !chain || chain.unknown !== undefined || MAKES_OR_NEEDS_NONE.includes(operation.kind))
    return undefined;
  if (builtinHook(table.name, chain.text) || place.isChain(table, chain.text)) return undefined;
  const message = `The chain ${chain.text} does not exist in the table ${table.name} at this point. Create it first, or correct the name.`;
  return { code: "undefined-chain", severity: "error", message, span: chain.span, refused: true };
}

const ADDS_RULES: ReadonlySet<OperationKind> = new Set(["append", "insert", "replace", "delete"]);

/** `-P` has a problem of its own for chains that are not built in. */
const MAKES_OR_NEEDS_NONE: readonly OperationKind[] = ["newChain", "policy", "help", "version"];

const fixed = new WeakMap<IptablesCommand, Map<string, readonly IptablesProblem[]>>();

/** The parser's problems and those of the table; remembered, since they depend on nothing else. */
function fixedProblems(command: IptablesCommand, table: TableId): readonly IptablesProblem[] {
  let known = fixed.get(command);
  if (!known) {
    known = new Map();
    fixed.set(command, known);
  }
  let problems = known.get(table.name);
  if (!problems) {
    problems = [...command.problems, ...ownProblems(command, table)];
    known.set(table.name, problems);
  }
  return problems;
}

function ownProblems(command: IptablesCommand, table: TableId): IptablesProblem[] {
  const { operation } = command;
  const problems: IptablesProblem[] = [];
  const refuse = (code: ProblemCode, message: string, span: IptablesProblem["span"]) =>
    problems.push({ code, severity: "error", message, span, refused: true });
  if (!IPTABLES_TABLES.includes(table.name)) {
    const at = command.table?.span;
    if (at)
      refuse("syntax-error", `There is no table ${table.name}. There are ${IPTABLES_TABLES.join(", ")}.`, at);
    return problems;
  }
  if (!operation) return problems;
  chainProblems(command, operation, table, refuse);
  if (operation.kind === "replace" && rulesOf(command).length > 1)
    refuse(
      "syntax-error",
      "-R takes one source and one destination, since it replaces one rule by one. Write a command for each address.",
      operation.span,
    );
  if (changesRules(operation)) problems.push(...placementProblems(command, table.name));
  return problems;
}

function changesRules({ kind, numberWord }: IptablesOperation): boolean {
  return (
    kind === "append" ||
    kind === "insert" ||
    kind === "replace" ||
    kind === "check" ||
    (kind === "delete" && !numberWord)
  );
}

function chainProblems(
  command: IptablesCommand,
  operation: IptablesOperation,
  table: TableId,
  refuse: (code: ProblemCode, message: string, span: IptablesProblem["span"]) => void,
): void {
  const { kind, chain, argument } = operation;
  if (!chain || chain.unknown !== undefined) return;
  const base = builtinHook(table.name, chain.text);
  const created = kind === "newChain" ? chain : kind === "renameChain" ? argument : undefined;
  if (created && created.unknown === undefined) {
    const why = chainNameError(created.text);
    if (why) refuse("invalid-chain-name", why, created.span);
    else if (targetExtension(command.program, created.text))
      refuse(
        "invalid-chain-name",
        `${created.text} is a target; a chain cannot have its name. Choose another one.`,
        created.span,
      );
    else if (builtinHook(table.name, created.text))
      refuse(
        "invalid-chain-name",
        `${created.text} is a built-in chain of the table ${table.name}; it exists already. Remove this command.`,
        created.span,
      );
  }
  if ((kind === "deleteChain" || kind === "renameChain") && base)
    refuse(
      "invalid-chain-name",
      `${chain.text} is a built-in chain; it can be neither deleted nor renamed.`,
      chain.span,
    );
  if (kind !== "policy" || !argument || argument.unknown !== undefined) return;
  if (!base)
    refuse(
      "invalid-policy",
      `Only built-in chains have a policy, and the table ${table.name} has no built-in chain ${chain.text}. End the chain with a rule instead.`,
      chain.span,
    );
  else if (argument.text !== "ACCEPT" && argument.text !== "DROP")
    refuse(
      "invalid-policy",
      argument.text.includes("\r")
        ? `“${argument.text.replaceAll("\r", "\\r")}” is no policy: remove the \\r, which comes from DOS line ends.`
        : `“${argument.text}” is no policy: ACCEPT and DROP are, in capitals. To reject, end the chain with a rule -j REJECT.`,
      argument.span,
    );
  else if (table.name === "nat" && argument.text === "DROP")
    refuse(
      "wrong-table",
      "The table nat is not for filtering, and iptables refuses DROP in it. Set the policy in the table filter.",
      argument.span,
    );
}

/** A jump to something that is not there, or that nothing can jump to. */
function jumpProblem(
  command: IptablesCommand,
  table: TableId,
  place: CommandPlace,
): IptablesProblem | undefined {
  const { jump, operation } = command;
  if (!jump || jump.target.unknown !== undefined || !operation || !changesRules(operation)) return undefined;
  const name = jump.target.text;
  const isChain = (chain: string) => place.isChain?.(table, chain) ?? false;
  const kind = jumpKind(command, isChain);
  const refused = (code: ProblemCode, severity: "error" | "info", message: string): IptablesProblem => ({
    code,
    severity,
    message,
    span: jump.target.span,
    refused: true,
  });
  if (kind === "foreign") {
    const source = FOREIGN_TARGETS.get(name);
    return source
      ? refused(
          "unknown-extension",
          source.startsWith("the add-on") ? "info" : "error",
          `The target ${name} comes from ${source}; iptables alone does not load it. Install it, or remove the rule.`,
        )
      : refused(
          "unknown-extension",
          "error",
          `The target ${name} exists in ${command.program === "iptables" ? "ip6tables" : "iptables"} only. Remove the rule, or move it there.`,
        );
  }
  if (kind !== "chain") return undefined;
  if (/\s/.test(name))
    return refused(
      "invalid-chain-name",
      "error",
      `“${name.replace(/\r/g, "\\r")}” is no target: white space cannot stand in a name. Remove it (\\r comes from DOS line ends).`,
    );
  if (builtinHook(table.name, name))
    return refused(
      "undefined-chain",
      "error",
      `${name} is a built-in chain; rules cannot jump to it. Jump to a chain of your own.`,
    );
  if (!place.isChain || isChain(name)) return undefined;
  return refused("undefined-chain", "error", undefinedChain(command, name, table));
}

function undefinedChain(command: IptablesCommand, name: string, table: TableId): string {
  const capitals = name.toUpperCase();
  if (capitals !== name && targetExtension(command.program, capitals))
    return `There is no chain or target “${name}”; targets are written in capitals. Write -j ${capitals}.`;
  return `The chain ${name} does not exist in the table ${table.name} at this point. Create it before this rule, or correct the name.`;
}

function changes(
  command: IptablesCommand,
  table: TableId | undefined,
  place: CommandPlace,
): readonly Operation[] {
  const { operation } = command;
  const { origin, presence } = place;
  if (!operation) return command.uncertain === undefined ? [] : [unknown(command.uncertain, table, place)];
  if (SHOW_ONLY.includes(operation.kind)) return [];
  const fact = command.table?.unknown ?? operation.chain?.unknown;
  if (fact !== undefined || !table) return [unknown(fact ?? "the table", table, place)];
  const chain = operation.chain?.text;
  switch (operation.kind) {
    case "flush":
      return [{ op: "flushChain", table, chain, origin, presence }];
    case "deleteChain":
      return [{ op: "deleteChain", table, chain, mustExist: chain !== undefined, origin, presence }];
    default:
      return chain === undefined ? [] : chainChanges(command, operation, table, chain, place);
  }
}

/** Commands that change nothing. */
const SHOW_ONLY: readonly OperationKind[] = ["list", "listRules", "zero", "check", "help", "version"];

function chainChanges(
  command: IptablesCommand,
  operation: IptablesOperation,
  table: TableId,
  chain: string,
  place: CommandPlace,
): readonly Operation[] {
  const { argument, numberWord } = operation;
  const { origin, presence } = place;
  switch (operation.kind) {
    case "newChain":
      return [{ op: "addChain", table, chain, mustBeNew: true, origin, presence }];
    case "policy":
      if (argument?.unknown !== undefined) return [unknown(argument.unknown, table, place)];
      return policyChange(table, chain, argument?.text, place);
    case "renameChain":
      if (argument?.unknown !== undefined) return [unknown(argument.unknown, table, place)];
      return argument ? [{ op: "renameChain", table, chain, to: argument.text, origin, presence }] : [];
    default:
      if (numberWord?.unknown !== undefined) return [unknown(numberWord.unknown, table, place)];
      return ruleChange(command, operation, table, chain, place);
  }
}

export function policyChange(
  table: TableId,
  chain: string,
  policy: string | undefined,
  { origin, presence }: Pick<CommandPlace, "origin" | "presence">,
): readonly Operation[] {
  if (policy !== "ACCEPT" && policy !== "DROP") return [];
  return [
    { op: "setPolicy", table, chain, verdict: policy === "ACCEPT" ? "accept" : "drop", origin, presence },
  ];
}

function ruleChange(
  command: IptablesCommand,
  { kind, number, numberWord }: IptablesOperation,
  table: TableId,
  chain: string,
  place: CommandPlace,
): readonly Operation[] {
  const { origin, presence } = place;
  const isChain = (name: string) => place.isChain?.(table, name) ?? false;
  const fact = ADDS_RULES.has(kind) ? tooManyRules(command) : undefined;
  if (fact !== undefined) return [{ op: "unknown", fact, table, origin, presence }];
  const bodies = () => rulesOf(command).map((rule) => ruleBody(rule, jumpKind(rule, isChain)));
  const index = (number ?? 1) - 1;
  switch (kind) {
    case "append":
      return bodies().map((body) => ({ op: "append", table, chain, body, origin, presence }));
    case "insert":
      // Each at the same place, so that the last one comes first (measured).
      return bodies().map((body) => ({ op: "insert", table, chain, index, body, origin, presence }));
    case "replace":
      return number === undefined
        ? []
        : bodies()
            .slice(0, 1)
            .map((body) => ({ op: "replace", table, chain, index, body, origin, presence }));
    case "delete":
      if (numberWord)
        return number === undefined
          ? []
          : [{ op: "deleteRule", table, chain, which: { index }, origin, presence }];
      return bodies().map((same) => ({ op: "deleteRule", table, chain, which: { same }, origin, presence }));
    default:
      return [];
  }
}

function unknown(fact: string, table: TableId | undefined, { origin, presence }: CommandPlace): Operation {
  return { op: "unknown", fact, table, origin, presence };
}
