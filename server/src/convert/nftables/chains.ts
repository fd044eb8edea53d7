import type { BaseChain, Family, Hook } from "../../model/ruleset.ts";
import type { ChainTypeNode, Expression, StatementProblem } from "../../syntax/nftables/tree.ts";
import type { ProblemCode } from "../../text/problem.ts";
import type { Confined } from "./builder.ts";
import type { Variables } from "./scope.ts";
import { type Resolver, readNumber } from "./values.ts";

const INET_HOOKS: readonly Hook[] = ["prerouting", "input", "forward", "output", "postrouting"];

/** Which hooks a chain of a type may have, by family; nft(8) CHAINS and the kernel's chain types. */
function allowedHooks(family: Family, type: BaseChain["type"]): readonly Hook[] {
  if (family === "netdev") return type === "filter" ? ["ingress", "egress"] : [];
  if (family === "arp") return type === "filter" ? ["input", "output"] : [];
  if (family === "bridge") return type === "filter" ? INET_HOOKS : [];
  if (type === "nat") return ["prerouting", "input", "output", "postrouting"];
  if (type === "route") return ["output"];
  return family === "inet" ? [...INET_HOOKS, "ingress"] : INET_HOOKS;
}

const HOOKS: ReadonlySet<string> = new Set<Hook>([...INET_HOOKS, "ingress", "egress"]);

/** nft(8), "Standard priority names": priority and the hooks the name is for (all when absent). */
interface NamedPriority {
  readonly value: number;
  readonly hooks?: readonly Hook[];
}

const INET_PRIORITIES: Record<string, NamedPriority> = {
  raw: { value: -300 },
  mangle: { value: -150 },
  dstnat: { value: -100, hooks: ["prerouting", "output"] },
  filter: { value: 0 },
  security: { value: 50 },
  srcnat: { value: 100, hooks: ["postrouting", "input"] },
};

const BRIDGE_PRIORITIES: Record<string, NamedPriority> = {
  dstnat: { value: -300, hooks: ["prerouting"] },
  filter: { value: -200 },
  out: { value: 100, hooks: ["output"] },
  srcnat: { value: 300, hooks: ["postrouting"] },
};

const FILTER_ONLY: Record<string, NamedPriority> = { filter: { value: 0 } };

function prioritiesOf(family: Family): Record<string, NamedPriority> {
  if (family === "bridge") return BRIDGE_PRIORITIES;
  return family === "arp" || family === "netdev" ? FILTER_ONLY : INET_PRIORITIES;
}

export interface ConvertedChainType {
  /** Absent when type or hook cannot be understood. */
  readonly base?: BaseChain;
  readonly problems: readonly StatementProblem[];
}

/** Priorities at or before conntrack (-200) are refused for nat chains (nf_tables: nft_chain_nat). */
const NAT_AFTER = -200;

/** Reads `type … hook … priority …` for a table's family. */
export function convertChainType(
  node: ChainTypeNode,
  family: Family,
  resolver: Resolver,
  variables: Variables,
): ConvertedChainType {
  const problems: StatementProblem[] = [];
  const refuse = (code: ProblemCode, message: string, span: StatementProblem["span"]): void => {
    problems.push({ code, severity: "error", message, span, refused: true });
  };
  const type = node.type.text;
  const hook = node.hook.text;
  if (type !== "filter" && type !== "nat" && type !== "route") {
    refuse(
      "unknown-chain-type",
      `There is no chain type "${type}": it is filter, nat or route.`,
      node.type.span,
    );
    return { problems };
  }
  if (!isHook(hook)) {
    refuse("unknown-hook", `There is no hook "${hook}".`, node.hook.span);
    return { problems };
  }
  const hooks = allowedHooks(family, type);
  if (!hooks.includes(hook)) {
    const can = hooks.length === 0 ? "at no hook" : `only at ${hooks.join(", ")}`;
    const message = `A chain of type ${type} in a table of family ${family} can stand ${can}, not at ${hook}: the kernel refuses it.`;
    refuse("chain-type-hook-mismatch", message, node.hook.span);
  }
  const priority = readPriority(node, family, hook, resolver, variables, refuse);
  if (type === "nat" && priority !== undefined && priority <= NAT_AFTER) {
    const message = `A nat chain must come after conntrack: its priority must be above ${NAT_AFTER}, and ${priority} is not. The kernel refuses it.`;
    refuse("nat-before-conntrack", message, node.priority.span);
  }
  if (priority === undefined) return { problems };
  return { base: { type, hook, priority, devices: devicesOf(node.devices, resolver, variables) }, problems };
}

/** Where NAT and reject may stand; the kernel refuses them elsewhere (nft_nat, nft_reject). */
const CONFINED: Record<Confined["what"], readonly Hook[]> = {
  dnat: ["prerouting", "output"],
  redirect: ["prerouting", "output"],
  snat: ["postrouting", "input"],
  masquerade: ["postrouting"],
  reject: ["ingress", "prerouting", "input", "forward", "output"],
};

/** The problem of a statement that a chain of this type and hook cannot have. */
export function misplaced({ what, span }: Confined, base: BaseChain): StatementProblem | undefined {
  const hooks = CONFINED[what];
  const right = hooks.includes(base.hook) && (what === "reject" || base.type === "nat");
  if (right) return undefined;
  const kind = what === "reject" ? "chains" : "chains of type nat";
  const message = `"${what}" only works in ${kind} at ${hooks.join(", ")}; this one is of type ${base.type} at ${base.hook}: the kernel refuses it.`;
  return { code: "statement-in-wrong-chain", severity: "error", message, span, refused: true };
}

function isHook(text: string): text is Hook {
  return HOOKS.has(text);
}

type Refuse = (code: ProblemCode, message: string, span: StatementProblem["span"]) => void;

function readPriority(
  node: ChainTypeNode,
  family: Family,
  hook: Hook,
  resolver: Resolver,
  variables: Variables,
  refuse: Refuse,
): number | undefined {
  const { base, offset, span } = node.priority;
  if (!base) return offset;
  const { expression } = resolver.unwrap(base, variables);
  const text = expression.kind === "symbol" || expression.kind === "string" ? expression.text : undefined;
  if (text === undefined) return undefined;
  const number = text.startsWith("-") ? -(readNumber(text.slice(1)) ?? Number.NaN) : readNumber(text);
  if (number !== undefined && !Number.isNaN(number)) return number + offset;
  const named = withOffset(text);
  const table = prioritiesOf(family);
  const entry = Object.hasOwn(table, named.name) ? table[named.name] : undefined;
  if (!entry || (entry.hooks && !entry.hooks.includes(hook))) {
    const known = Object.keys(table).join(", ");
    const where = entry ? ` at the hook ${hook}` : "";
    refuse(
      "unknown-priority",
      `"${text}" is no priority${where} in the family ${family}. Known: ${known}, or a number.`,
      span,
    );
    return entry ? entry.value + offset : undefined;
  }
  return entry.value + named.offset + offset;
}

/** A variable may hold `"filter + 10"`. */
function withOffset(text: string): { name: string; offset: number } {
  const match = /^(\w+)\s*([-+])\s*(\d+)$/.exec(text);
  if (!match) return { name: text, offset: 0 };
  return { name: match[1]!, offset: Number(`${match[2]}${match[3]}`) };
}

export function devicesOf(
  devices: Expression | undefined,
  resolver: Resolver,
  variables: Variables,
): string[] {
  if (!devices) return [];
  const { expression, variables: inner } = resolver.unwrap(devices, variables);
  if (expression.kind === "symbol" || expression.kind === "string") return [expression.text];
  if (expression.kind === "list") return expression.items.flatMap((item) => devicesOf(item, resolver, inner));
  if (expression.kind !== "set") return [];
  return expression.elements.flatMap((element) => devicesOf(element.key, resolver, inner));
}
