import type { IptablesCommand, IptablesOption } from "./command.ts";
import { type ExtensionSpec, matchExtension, targetExtension } from "./extensions.ts";
import { type ParseState, refuse } from "./parse-state.ts";
import { protocolName, protocolNumber } from "./protocols.ts";

/** Checks that need the whole command; adds to the state's problems. Tables and chains are checked on conversion. */
export function checkCommand(command: IptablesCommand, state: ParseState): void {
  checkOperation(command, state);
  checkOnce(command, state);
  checkModules(command, state);
  checkSpecial(command, state);
}

function checkOperation(command: IptablesCommand, state: ParseState): void {
  const { operation } = command;
  const first = state.words[0];
  if (!operation) {
    const last = state.words[state.words.length - 1];
    if (command.uncertain === undefined && state.problems.length === 0 && first && last)
      refuse(
        state,
        { start: first.span.start, end: last.span.end },
        "No command. Start with one such as -A CHAIN, -P CHAIN or -F.",
      );
    return;
  }
  const forRules = ["append", "insert", "replace", "delete", "check"].includes(operation.kind);
  const byNumber = operation.kind === "delete" && operation.numberWord !== undefined;
  if (forRules && !byNumber) return;
  const rule = [
    "source",
    "destination",
    "protocol",
    "in-interface",
    "out-interface",
    "fragment",
    "jump",
    "goto",
    "match",
  ];
  const wrong = command.options.find((option) => option.owner.kind === "core" && rule.includes(option.name));
  if (wrong && !["list", "listRules", "zero", "help", "version"].includes(operation.kind))
    refuse(state, wrong.span, `${wrong.written} has no meaning with ${operation.written}. Remove it.`);
}

const ONCE = [
  "source",
  "destination",
  "protocol",
  "in-interface",
  "out-interface",
  "fragment",
  "set-counters",
];

function checkOnce(command: IptablesCommand, state: ParseState): void {
  const { options } = command;
  for (let i = 1; i < options.length; i++) {
    const option = options[i];
    if (option && isRepeated(options, i, option) && onlyOnce(command, option))
      refuse(
        state,
        option.span,
        `${option.written} can be used once per rule. Combine the two, or make two rules.`,
      );
  }
}

/** Whether the option stands among the (few) options before it, in the same instance of its module. */
function isRepeated(options: readonly IptablesOption[], at: number, option: IptablesOption): boolean {
  for (let i = Math.max(0, at - 40); i < at; i++) {
    const before = options[i];
    if (before && before.name === option.name && sameOwner(before, option)) return true;
  }
  return false;
}

function sameOwner({ owner: a }: IptablesOption, { owner: b }: IptablesOption): boolean {
  if (a.kind !== b.kind) return false;
  return a.kind !== "match" || b.kind !== "match" || a.instance === b.instance;
}

function onlyOnce(command: IptablesCommand, option: IptablesOption): boolean {
  if (option.owner.kind === "unknown" || option.name === "") return false;
  if (option.owner.kind === "core") return ONCE.includes(option.name);
  return specOf(command, option)?.byName.get(option.name)?.repeatable === false;
}

function specOf(command: IptablesCommand, option: IptablesOption): ExtensionSpec | undefined {
  if (option.owner.kind === "match") return matchExtension(command.program, option.owner.module);
  return option.owner.kind === "target" ? targetExtension(command.program, option.owner.target) : undefined;
}

function optionsOfInstances({ options }: IptablesCommand): ReadonlyMap<number, readonly IptablesOption[]> {
  const found = new Map<number, IptablesOption[]>();
  for (const option of options) {
    if (option.owner.kind !== "match") continue;
    const { instance } = option.owner;
    const own = found.get(instance);
    if (own) own.push(option);
    else found.set(instance, [option]);
  }
  return found;
}

function checkModules(command: IptablesCommand, state: ParseState): void {
  const ofInstances = optionsOfInstances(command);
  const given = protocolOf(command);
  for (const [instance, module] of command.modules.entries()) {
    const spec = module.known ? matchExtension(command.program, module.name) : undefined;
    if (!spec) continue;
    const own = ofInstances.get(instance) ?? [];
    if (command.uncertain === undefined) checkNeeds(spec, own, `-m ${spec.name}`, module.span, state);
    checkExclusive(spec, own, state);
    checkProtocol(command, given, spec, `-m ${spec.name}`, module.span, state);
  }
  const jump = command.jump;
  const spec =
    jump && !jump.goto && jump.target.unknown === undefined
      ? targetExtension(command.program, jump.target.text)
      : undefined;
  if (!jump || !spec) return;
  const own = command.options.filter((option) => option.owner.kind === "target");
  if (command.uncertain === undefined) checkNeeds(spec, own, `-j ${spec.name}`, jump.span, state);
  checkExclusive(spec, own, state);
  checkProtocol(command, given, spec, `-j ${spec.name}`, jump.span, state);
}

function checkNeeds(
  spec: ExtensionSpec,
  own: readonly IptablesOption[],
  shown: string,
  at: IptablesOption["span"],
  state: ParseState,
): void {
  const missing = spec.required.filter((name) => !own.some((option) => option.name === name));
  if (missing.length > 0) {
    refuse(state, at, `${shown} also needs ${missing.map((name) => `--${name}`).join(" and ")}. Add it.`);
    return;
  }
  if (spec.needs.length === 0) return;
  const enough =
    spec.needs[0] === "any" ? own.length > 0 : own.some((option) => spec.needs.includes(option.name));
  if (enough) return;
  const wanted = (
    spec.needs[0] === "any" ? spec.options.map((option) => option.names[0] ?? "") : spec.needs
  ).slice(0, 6);
  refuse(state, at, `${shown} needs one of its options: ${wanted.map((name) => `--${name}`).join(", ")}.`);
}

function checkProtocol(
  command: IptablesCommand,
  given: ReturnType<typeof protocolOf>,
  spec: ExtensionSpec,
  shown: string,
  at: IptablesOption["span"],
  state: ParseState,
): void {
  if (spec.protocols.length === 0) return;
  if (given === "unknown" || (given === undefined && command.uncertain !== undefined)) return;
  const allowed = spec.protocols.map(protocolNumber);
  if (given && !given.negated && allowed.includes(given.number)) return;
  const names = spec.protocols.map((name) => `-p ${name}`).join(" or ");
  const why = given?.negated
    ? "not a negated one"
    : given
      ? `not -p ${protocolName(given.number) ?? given.number}`
      : "before it";
  refuse(state, at, `${shown} works only with ${names}, ${why}. Correct the protocol of this rule.`);
}

/** The rule's protocol by number; "unknown" when a variable gives it; undefined when there is no -p. */
function protocolOf(command: IptablesCommand): { number: number; negated: boolean } | "unknown" | undefined {
  const option = command.options.find(
    (candidate) => candidate.owner.kind === "core" && candidate.name === "protocol",
  );
  const value = option?.values[0];
  if (!option || !value) return undefined;
  const number = value.unknown === undefined ? protocolNumber(value.text) : undefined;
  return number === undefined ? "unknown" : { number, negated: option.negated };
}

/** Options of one extension of which only one may be given. */
const EXCLUSIVE: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ["tcp", [["tcp-flags", "syn"]]],
  ["multiport", [["sports", "dports", "ports"]]],
  [
    "connlimit",
    [
      ["connlimit-upto", "connlimit-above"],
      ["connlimit-saddr", "connlimit-daddr"],
    ],
  ],
  ["cgroup", [["path", "cgroup"]]],
  ["addrtype", [["limit-iface-in", "limit-iface-out"]]],
  ["frag", [["fraglast", "fragmore"]]],
  ["hl", [["hl-eq", "hl-lt", "hl-gt"]]],
  ["ttl", [["ttl-eq", "ttl-lt", "ttl-gt"]]],
  ["dscp", [["dscp", "dscp-class"]]],
  ["MARK", [["set-xmark", "set-mark", "and-mark", "or-mark", "xor-mark"]]],
  ["CONNMARK", [["set-xmark", "set-mark", "and-mark", "or-mark", "xor-mark", "save-mark", "restore-mark"]]],
  ["TTL", [["ttl-set", "ttl-dec", "ttl-inc"]]],
  ["HL", [["hl-set", "hl-dec", "hl-inc"]]],
  ["DSCP", [["set-dscp", "set-dscp-class"]]],
  ["hashlimit", [["hashlimit-upto", "hashlimit-above"]]],
  [
    "recent",
    [
      ["set", "rcheck", "update", "remove"],
      ["set", "rttl"],
      ["remove", "rttl"],
    ],
  ],
]);

function checkExclusive(spec: ExtensionSpec, own: readonly IptablesOption[], state: ParseState): void {
  if (own.length < 2) return;
  for (const names of EXCLUSIVE.get(spec.name) ?? []) {
    const [first, second] = own.filter((option) => names.includes(option.name));
    if (first && second && first.name !== second.name)
      refuse(
        state,
        second.span,
        `${second.written} and ${first.written} cannot stand together. Keep one of them.`,
      );
  }
}

/** Options that look into TCP's header, though their module does not. */
function checkTcpOptions(command: IptablesCommand, state: ParseState): void {
  const option = command.options.find(({ name }) => name === "ecn-tcp-cwr" || name === "ecn-tcp-ece");
  const given = option ? protocolOf(command) : "unknown";
  if (!option || given === "unknown" || (given === undefined && command.uncertain !== undefined)) return;
  if (given?.number !== 6 || given.negated)
    refuse(state, option.span, `${option.written} works on TCP only. Put -p tcp into this rule.`);
}

/** Options of iptables itself that exclude each other, and what targets need. */
function checkSpecial(command: IptablesCommand, state: ParseState): void {
  for (const option of command.options) {
    if (!option.negated || option.owner.kind !== "core") continue;
    const value = option.values[0];
    if (
      (option.name === "source" || option.name === "destination") &&
      value?.unknown === undefined &&
      value?.text.includes(",")
    )
      refuse(
        state,
        option.span,
        "“!” cannot be used with a list of addresses. Write one rule per address, or use an ipset.",
      );
  }
  checkTcpOptions(command, state);
  checkTargetNeeds(command, state);
}

const WITH_PORTS = ["REJECT", "REDIRECT", "MASQUERADE"];

function checkTargetNeeds(command: IptablesCommand, state: ParseState): void {
  if (!WITH_PORTS.includes(command.jump?.target.text ?? "")) return;
  const given = protocolOf(command);
  if (given === "unknown" || (given === undefined && command.uncertain !== undefined)) return;
  const has = (owner: string, name: string) =>
    command.options.find(
      (option) =>
        ownerName(option) === owner && option.name === name && option.values[0]?.unknown === undefined,
    );
  const tcp = given && !given.negated && given.number === 6;
  const reject = has("REJECT", "reject-with");
  if (reject && !tcp && /^tcp-r/.test(reject.values[0]?.text.toLowerCase() ?? ""))
    refuse(state, reject.span, "A TCP reset can answer TCP only. Put -p tcp into this rule.");
  const withPorts = given && !given.negated && [6, 17, 33, 132, 136].includes(given.number);
  for (const owner of ["REDIRECT", "MASQUERADE"]) {
    const ports = has(owner, "to-ports");
    if (ports && !withPorts)
      refuse(state, ports.span, "Ports need a protocol that has them. Put -p tcp or -p udp into this rule.");
  }
}

function ownerName(option: IptablesOption): string | undefined {
  if (option.owner.kind === "match") return option.owner.module;
  return option.owner.kind === "target" ? option.owner.target : undefined;
}
