import type { NatTarget, Statement } from "../../model/rule.ts";
import { numbers } from "../../model/values.ts";
import type { IptablesCommand, IptablesOption } from "../../syntax/iptables/command.ts";
import { parseInteger, parseMark, parseNatPorts } from "../../syntax/iptables/values.ts";
import type { Span } from "../../text/span.ts";
import { ipsetsOfTarget } from "./ipset-options.ts";
import { parseNatTarget, parseNetmap } from "./nat-address.ts";

/** What a target statement is made from. */
interface Use {
  readonly command: IptablesCommand;
  readonly family: 4 | 6;
  readonly options: readonly IptablesOption[];
  readonly span: Span;
}

/** Targets that change nothing about whether a packet passes. */
const NOOP = new Set([
  ...["LOG", "NFLOG", "ULOG", "TRACE", "TCPMSS", "TOS", "DSCP", "CLASSIFY", "CHECKSUM"],
  ...["AUDIT", "ECN", "TCPOPTSTRIP", "SECMARK", "CONNSECMARK", "IDLETIMER", "LED", "RATEEST"],
]);

const OPAQUE: Readonly<Record<string, string>> = {
  TPROXY: "what the transparent proxy does with the packet (TPROXY)",
  TEE: "what becomes of the packet's copy (TEE)",
  SYNPROXY: "what the SYN proxy makes of the connection",
  CLUSTERIP: "which node of the cluster takes the connection (CLUSTERIP)",
  DNPT: "how the prefix of the address is translated (DNPT)",
  SNPT: "how the prefix of the address is translated (SNPT)",
};

/** The statements of `-j TARGET` for a target extension or a verdict; not for chains. */
export function targetStatements(command: IptablesCommand, name: string, span: Span): readonly Statement[] {
  const use: Use = {
    command,
    family: command.program === "iptables" ? 4 : 6,
    options: command.options.filter((option) => option.owner.kind === "target"),
    span,
  };
  const known = Object.hasOwn(TARGETS, name) ? TARGETS[name] : undefined;
  if (known) return known(use);
  if (NOOP.has(name)) return [{ kind: "noop", name, span }];
  const fact = Object.hasOwn(OPAQUE, name) ? OPAQUE[name] : undefined;
  return [{ kind: "opaque", fact: fact ?? `what the target ${name} does`, span }];
}

const verdict =
  (type: "accept" | "drop" | "return") =>
  ({ span }: Use): readonly Statement[] => [{ kind: "verdict", verdict: { type }, span }];

const reject = (use: Use): readonly Statement[] => {
  const value = optionValue(use, "reject-with");
  const answer = value && value !== "unknown" && /^tcp-r(eset|st)$/.test(value.text) ? "tcp-reset" : "icmp";
  return [{ kind: "verdict", verdict: { type: "reject", answer }, span: use.span }];
};

const queue = ({ span }: Use): readonly Statement[] => [
  { kind: "verdict", verdict: { type: "queue" }, span },
];

const TARGETS: Readonly<Record<string, (use: Use) => readonly Statement[]>> = {
  ACCEPT: verdict("accept"),
  DROP: verdict("drop"),
  REJECT: reject,
  TTL: (use) => [hopsStatement(use, "ttl")],
  HL: (use) => [hopsStatement(use, "hl")],
  RETURN: verdict("return"),
  QUEUE: queue,
  NFQUEUE: queue,
  MARK: (use) => [markStatement(use, "packet")],
  HMARK: ({ span }) => [{ kind: "setMark", target: "packet", change: "unknown", span }],
  CONNMARK: (use) => [markStatement(use, "connection")],
  CT: connectionTracking,
  NOTRACK: ({ span }) => [{ kind: "notrack", span }],
  DNAT: (use) => [natStatement(use, "dnat", "to-destination")],
  SNAT: (use) => [natStatement(use, "snat", "to-source")],
  MASQUERADE: (use) => [portStatement(use, "masquerade")],
  REDIRECT: (use) => [portStatement(use, "redirect")],
  NETMAP: netmap,
  SET: setTarget,
};

/** Fewer hops than any packet is sent with. */
const FEW_HOPS = 32;

/** `--ttl-set`, `--ttl-dec`, `--ttl-inc` and the same of HL; more hops never hurt (at 255 they stay). */
function hopsStatement(use: Use, prefix: "ttl" | "hl"): Statement {
  const { family, span } = use;
  if (has(use, `${prefix}-inc`)) return { kind: "noop", name: prefix.toUpperCase(), span };
  const numberOf = (option: string): number | undefined => {
    const value = optionValue(use, option);
    return value && value !== "unknown" && /^\d+$/.test(value.text) ? Number(value.text) : undefined;
  };
  const set = numberOf(`${prefix}-set`);
  if (set !== undefined) return { kind: "setHops", family, hops: set, span };
  const fewer = numberOf(`${prefix}-dec`);
  if (fewer !== undefined && fewer < FEW_HOPS) return { kind: "setHops", family, hops: "lower", span };
  return { kind: "opaque", fact: "how many hops the packet has left", span };
}

/** The value of an option when it is given and known; "unknown" when a variable gives it. */
function optionValue(use: Use, name: string): { text: string } | "unknown" | undefined {
  const option = use.options.find((candidate) => candidate.name === name);
  const value = option?.values[0];
  if (!value) return undefined;
  return value.unknown === undefined ? { text: value.text } : "unknown";
}

function has(use: Use, name: string): boolean {
  return use.options.some((option) => option.name === name);
}

const ALL_BITS = 0xffffffff;

type MarkChange = Extract<Statement, { kind: "setMark" }>["change"];

/** libxt_MARK.c: how each form becomes mark = (mark & and) ^ xor. */
function markStatement(use: Use, target: "packet" | "connection"): Statement {
  const { span } = use;
  if (target === "connection" && has(use, "save-mark"))
    return { kind: "setMark", target, change: copyMark(use, "nfmask", "ctmask"), span };
  if (target === "connection" && has(use, "restore-mark"))
    return { kind: "setMark", target: "packet", change: copyMark(use, "ctmask", "nfmask"), span };
  return { kind: "setMark", target, change: arithmetic(use), span };
}

function arithmetic(use: Use): MarkChange {
  if (has(use, "left-shift-mark") || has(use, "right-shift-mark")) return "unknown";
  for (const name of ["set-mark", "set-xmark", "and-mark", "or-mark", "xor-mark"]) {
    const value = optionValue(use, name);
    if (!value) continue;
    const mark = value === "unknown" ? undefined : parseMark(value.text);
    return mark ? markChange(name, mark.value, mark.mask) : "unknown";
  }
  return "unknown";
}

function markChange(name: string, value: number, mask: number): MarkChange {
  switch (name) {
    case "set-xmark":
      return { and: ~mask >>> 0, xor: value };
    case "and-mark":
      return { and: value, xor: 0 };
    case "or-mark":
      return { and: ~value >>> 0, xor: value };
    case "xor-mark":
      return { and: ALL_BITS, xor: value };
    default:
      return { and: ~(mask | value) >>> 0, xor: value };
  }
}

/** connmark_tg (xt_connmark.c): the masks of the mark that is read and of the one that is written. */
function copyMark(use: Use, from: string, to: string): MarkChange {
  const mask = (name: string): number | undefined => {
    const value = optionValue(use, name) ?? optionValue(use, "mask");
    if (!value) return ALL_BITS;
    return value === "unknown" ? undefined : parseInteger(value.text, ALL_BITS);
  };
  const take = mask(from);
  const replaced = mask(to);
  if (take === undefined || replaced === undefined) return "unknown";
  return { copy: true, keep: ~replaced >>> 0, take, xor: 0 };
}

function connectionTracking(use: Use): readonly Statement[] {
  const { span } = use;
  if (has(use, "notrack")) return [{ kind: "notrack", span }];
  const statements: Statement[] = [];
  const helper = optionValue(use, "helper");
  if (helper === "unknown") {
    const fact =
      use.options.find((option) => option.name === "helper")?.values[0]?.unknown ?? "the helper's name";
    statements.push({ kind: "setHelper", helper: { by: "unknown", fact }, span });
  } else if (helper)
    statements.push({ kind: "setHelper", helper: { by: "kernel", name: helper.text }, span });
  if (["zone", "zone-orig", "zone-reply"].some((name) => has(use, name)))
    statements.push({ kind: "opaque", fact: "the conntrack zone of the packet", span });
  // Without --helper the template is an empty one, and no later rule can leave another.
  return statements.length > 0
    ? statements
    : [{ kind: "setHelper", helper: { by: "kernel", name: "" }, span }];
}

function natStatement(use: Use, nat: "dnat" | "snat", option: string): Statement {
  const { family, span } = use;
  const value = optionValue(use, option);
  const to = value && value !== "unknown" ? parseNatTarget(value.text, family) : undefined;
  if (to && typeof to !== "string") {
    return { kind: "nat", nat, family, to: { ...to, ...randomPort(use) }, span };
  }
  return { kind: "nat", nat, family, to: { addr: "unknown", port: "unknown" }, span };
}

function portStatement(use: Use, nat: "masquerade" | "redirect"): Statement {
  const { family, span } = use;
  const value = optionValue(use, "to-ports");
  const random = randomPort(use);
  if (!value) return { kind: "nat", nat, family, to: random, span };
  const ports = value === "unknown" ? undefined : parseNatPorts(value.text);
  const port = ports ? numbers(ports[0], ports[1]) : "unknown";
  return { kind: "nat", nat, family, to: { port, ...random }, span };
}

function randomPort(use: Use): Pick<NatTarget, "random"> {
  return has(use, "random") || has(use, "random-fully") ? { random: true } : {};
}

/** Fills sets, which passes the packet on; `--map-mark` marks it with what a set says. */
function setTarget(use: Use): readonly Statement[] {
  const { options, span } = use;
  const statement: Statement = { kind: "noop", name: "SET", span, ipsets: ipsetsOfTarget(options) };
  if (!has(use, "map-mark")) return [statement];
  return [statement, { kind: "setMark", target: "packet", change: "unknown", span }];
}

/** xt_NETMAP.c: the destination where a packet comes in or starts, and the source where it leaves. */
function netmap(use: Use): readonly Statement[] {
  const { family, span } = use;
  const value = optionValue(use, "to");
  const to = value && value !== "unknown" ? parseNetmap(value.text, family) : undefined;
  return [{ kind: "nat", nat: "netmap", family, to: to ?? { addr: "unknown" }, span }];
}
