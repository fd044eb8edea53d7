import type { IptablesCommand, IptablesOption, IptablesProblem } from "../../syntax/iptables/command.ts";
import { type ExtensionSpec, matchExtension, targetExtension } from "../../syntax/iptables/extensions.ts";
import { protocolName, protocolNumber } from "../../syntax/iptables/protocols.ts";
import type { ProblemCode } from "../../text/problem.ts";
import type { Span } from "../../text/span.ts";
import { KERNEL_HELPERS, kernelHelper } from "./helpers.ts";
import { parseNatTarget } from "./nat-address.ts";
import { builtinHook } from "./tables.ts";

function refused(code: ProblemCode, message: string, span: Span): IptablesProblem {
  return { code, severity: "error", message, span, refused: true };
}

/** Problems of a rule that depend on the table and chain it goes into. */
export function placementProblems(command: IptablesCommand, table: string): IptablesProblem[] {
  const problems: IptablesProblem[] = [];
  const chain = command.operation?.chain;
  const place = { table, chain: chain && chain.unknown === undefined ? chain.text : undefined };
  interfaceProblems(command, place.chain, problems);
  for (const module of command.modules) {
    const spec = module.known ? matchExtension(command.program, module.name) : undefined;
    if (spec) matchProblem(spec, `-m ${spec.name}`, module.span, place, problems);
  }
  policyProblem(command, place.chain, problems);
  targetProblems(command, place, problems);
  return problems;
}

interface Place {
  readonly table: string;
  /** Undefined when it is not known. */
  readonly chain: string | undefined;
}

function interfaceProblems(
  command: IptablesCommand,
  chain: string | undefined,
  problems: IptablesProblem[],
): void {
  const wrong =
    chain === "INPUT" || chain === "PREROUTING"
      ? "out-interface"
      : chain === "OUTPUT" || chain === "POSTROUTING"
        ? "in-interface"
        : undefined;
  const option = command.options.find(
    (candidate) => candidate.owner.kind === "core" && candidate.name === wrong,
  );
  if (!option || !chain) return;
  const leaving = wrong === "out-interface";
  const why = leaving
    ? "a packet there has no outgoing interface yet"
    : "a packet there no longer has an incoming interface, or never had one";
  problems.push(
    refused(
      "wrong-interface-direction",
      `${option.written} cannot be used in ${chain}: ${why}. Use ${leaving ? "-i" : "-o"}, or move the rule to FORWARD.`,
      option.span,
    ),
  );
}

function hookProblem(
  spec: ExtensionSpec,
  shown: string,
  at: Span,
  place: Place,
  problems: IptablesProblem[],
): void {
  const { chain, table } = place;
  if (spec.hooks.length === 0 || chain === undefined) return;
  if (!builtinHook(table, chain) || spec.hooks.includes(chain)) return;
  problems.push(
    refused(
      "wrong-chain",
      `${shown} does not work in the chain ${chain}, only in ${spec.hooks.join(", ")}. Move the rule there.`,
      at,
    ),
  );
}

function matchProblem(
  spec: ExtensionSpec,
  shown: string,
  at: Span,
  place: Place,
  problems: IptablesProblem[],
): void {
  if (spec.tables.length > 0 && !spec.tables.includes(place.table)) {
    const message = `${shown} works in the table ${spec.tables.join(" or ")} only, not in ${place.table}. Move the rule there.`;
    problems.push(refused("wrong-table", message, at));
  } else hookProblem(spec, shown, at, place, problems);
}

/** xt_policy: what came in through IPsec is known until routing, what goes out from there on. */
function policyProblem(
  command: IptablesCommand,
  chain: string | undefined,
  problems: IptablesProblem[],
): void {
  const option = command.options.find(({ name, owner }) => name === "dir" && owner.kind === "match");
  const direction = option?.values[0]?.text;
  const wrong = direction === "in" ? ["OUTPUT", "POSTROUTING"] : ["PREROUTING", "INPUT"];
  if (!option || chain === undefined || (direction !== "in" && direction !== "out") || !wrong.includes(chain))
    return;
  const other = direction === "in" ? "out" : "in";
  problems.push(
    refused(
      "wrong-chain",
      `--dir ${direction} does not work in the chain ${chain}. Write --dir ${other} there.`,
      option.span,
    ),
  );
}

function targetProblems(command: IptablesCommand, place: Place, problems: IptablesProblem[]): void {
  const { jump } = command;
  if (!jump || jump.target.unknown !== undefined) return;
  const name = jump.target.text;
  if (place.table === "nat" && name === "DROP" && !jump.goto)
    problems.push(
      refused(
        "wrong-table",
        "The table nat is not for filtering, and iptables refuses DROP in it. Move the rule to the table filter.",
        jump.span,
      ),
    );
  const spec = jump.goto ? undefined : targetExtension(command.program, name);
  if (!spec) return;
  const gone = Object.hasOwn(GONE, name) ? GONE[name] : undefined;
  if (gone) {
    problems.push(refused("unknown-extension", gone, jump.span));
    return;
  }
  if (spec.tables.length > 0 && !spec.tables.includes(place.table)) {
    const code = name === "CT" || name === "NOTRACK" ? "ct-target-outside-raw" : "wrong-table";
    problems.push(refused(code, tableMessage(name, place.table, spec.tables), jump.span));
  } else hookProblem(spec, `-j ${name}`, jump.span, place, problems);
  if (name === "TCPMSS") clampProblem(command, place, problems);
  if (name === "CT") helperProblems(command, problems);
  if (name === "DNAT" || name === "SNAT") natProblems(command, problems);
}

/** Targets that iptables still reads and the kernel no longer has. */
const GONE: Readonly<Record<string, string>> = {
  ULOG: "The kernel has had no ULOG since 3.17, so the rule cannot be loaded. Use -j NFLOG.",
  QUEUE: "The kernel's nf_tables backend has no QUEUE, so the rule cannot be loaded. Use -j NFQUEUE.",
  CLUSTERIP: "The kernel has had no CLUSTERIP since 6.3, so the rule cannot be loaded. Use -m cluster.",
};

function tableMessage(name: string, table: string, allowed: readonly string[]): string {
  const why =
    name === "CT" || name === "NOTRACK"
      ? "connection tracking looks at a packet right after the table raw, so later it is too late"
      : "the kernel offers it nowhere else";
  return `-j ${name} works in the table ${allowed.join(" or ")} only, not in ${table}: ${why}. Add -t ${allowed[0]}, or move the rule to the section *${allowed[0]}.`;
}

/** xt_TCPMSS: the path MTU is known only where the way out is. */
function clampProblem(command: IptablesCommand, { chain }: Place, problems: IptablesProblem[]): void {
  const option = optionOf(command, "clamp-mss-to-pmtu");
  if (!option || (chain !== "INPUT" && chain !== "PREROUTING")) return;
  const message = `${option.written} does not work in the chain ${chain}, only in FORWARD, OUTPUT, POSTROUTING. Move the rule there.`;
  problems.push(refused("wrong-chain", message, option.span));
}

function optionOf(command: IptablesCommand, name: string): IptablesOption | undefined {
  return command.options.find((option) => option.owner.kind === "target" && option.name === name);
}

/** xt_CT: a helper needs a plain -p, and the kernel must have it for that protocol and family. */
function helperProblems(command: IptablesCommand, problems: IptablesProblem[]): void {
  const option = optionOf(command, "helper");
  const value = option?.values[0];
  if (!option || !value || value.unknown !== undefined || optionOf(command, "notrack")) return;
  const helper = kernelHelper(value.text);
  if (!helper) {
    problems.push(refused("unknown-helper", unknownHelper(value.text), value.span));
    return;
  }
  const family = command.program === "iptables" ? 4 : 6;
  if (!helper.families.includes(family)) {
    problems.push(
      refused(
        "unknown-helper",
        `The kernel has the helper ${value.text} for IPv4 only. Use it with iptables.`,
        value.span,
      ),
    );
    return;
  }
  const protocol = command.options.find(
    (candidate) => candidate.owner.kind === "core" && candidate.name === "protocol",
  );
  const text = protocol?.values[0];
  if (text?.unknown !== undefined || (!protocol && command.uncertain !== undefined)) return;
  const number = text ? protocolNumber(text.text) : undefined;
  const wanted = helper.protocols.map((name) => `-p ${name}`).join(" or ");
  if (!protocol || protocol.negated || number === undefined || number === 0) {
    const message = `--helper ${value.text} needs ${wanted} in the same rule, without “!”. Add it.`;
    problems.push(refused("helper-needs-protocol", message, option.span));
  } else if (!helper.protocols.some((name) => protocolNumber(name) === number)) {
    const message = `The helper ${value.text} works on ${helper.protocols.join(" and ")}, not on ${protocolName(number) ?? number}. Write ${wanted}.`;
    problems.push(refused("helper-needs-protocol", message, protocol.span));
  }
}

function unknownHelper(name: string): string {
  const base = KERNEL_HELPERS.find((known) => name.startsWith(`${known}-`));
  if (base)
    return `The kernel has no helper ${name}: it exists only where the module was loaded with ports=. Write --helper ${base}; the rule's --dport says which port it is for.`;
  const similar = KERNEL_HELPERS.find((known) => known.toLowerCase() === name.trim().toLowerCase());
  return similar
    ? `The kernel has no helper “${name}”; names must be exact. Write --helper ${similar}.`
    : `The kernel has no helper “${name}”. Known are ${KERNEL_HELPERS.join(", ")}.`;
}

const PROTOCOLS_WITH_PORTS = [6, 17, 33, 132, 136];

function natProblems(command: IptablesCommand, problems: IptablesProblem[]): void {
  const option = optionOf(command, "to-destination") ?? optionOf(command, "to-source");
  const value = option?.values[0];
  if (!option || !value || value.unknown !== undefined) return;
  const target = parseNatTarget(value.text, command.program === "iptables" ? 4 : 6);
  if (typeof target === "string") {
    problems.push(
      refused(
        "invalid-value",
        `“${value.text}” is not valid after ${option.written}: ${target}.`,
        value.span,
      ),
    );
    return;
  }
  if (target.port === undefined) return;
  const protocol = command.options.find(
    (candidate) => candidate.owner.kind === "core" && candidate.name === "protocol",
  );
  const text = protocol?.values[0];
  if (text?.unknown !== undefined || (!protocol && command.uncertain !== undefined)) return;
  const number = text ? protocolNumber(text.text) : undefined;
  if (!protocol?.negated && number !== undefined && PROTOCOLS_WITH_PORTS.includes(number)) return;
  problems.push(
    refused(
      "syntax-error",
      `A port in ${option.written} needs -p tcp or -p udp in the same rule. Add it.`,
      option.span,
    ),
  );
}
