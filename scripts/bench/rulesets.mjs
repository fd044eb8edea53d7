// Rulesets as administrators have them, of any number of rules, without a dialect. The same shape, size and seed
// always make the same ruleset. Hosts and gateways with long lists look like one of these shapes:
//
//   blocklist  thousands of single addresses and networks to drop, a few services
//   services   dozens of chains, one for each customer or service, reached by jumps
//   pairs      who may reach what: an address and a port in every rule, no two alike
//   mixed      all of that in one chain, in the order in which it was asked for over the years, FTP for some as well
//
// A rule is { chain, in, from, to, proto, ports, state, limit, log, comment, verdict }, all but chain and verdict
// optional; ports are numbers and "low-high"; a rule that only logs has the verdict "log".

/** Numbers that look random and are the same for the same seed (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  return { below, chance: (share) => next() < share, pick: (list) => list[below(list.length)] };
}

const SERVICES = [
  22, 25, 53, 80, 110, 143, 389, 443, 465, 587, 636, 873, 993, 995, 1194, 3306, 5432, 6379, 8080,
];
const INTERFACES = ["eth0", "eth1", "eth2", "wg0", "br-lan"];

/** Last parts stay below 250, so that changing a last digit leaves an address. */
const address = (any) => `${1 + any.below(220)}.${any.below(250)}.${any.below(250)}.${any.below(250)}`;
const network = (any) => `${1 + any.below(220)}.${any.below(250)}.${any.below(250)}.0/24`;
const inside = (any) => `10.${any.below(250)}.${any.below(250)}.${any.below(250)}`;
const port = (any) => (any.chance(0.7) ? any.pick(SERVICES) : 1024 + any.below(60_000));
const portList = (any, count) => [...new Set(Array.from({ length: count }, () => port(any)))];

function blocklistRule(any, i) {
  const kind = any.below(100);
  const comment = any.chance(0.1) ? { comment: `ticket ${1000 + i}` } : {};
  if (kind < 70) return { chain: "INPUT", from: address(any), verdict: "drop", ...comment };
  if (kind < 80) return { chain: "INPUT", from: network(any), verdict: "drop", ...comment };
  if (kind < 85) return { chain: "FORWARD", from: address(any), verdict: "drop", ...comment };
  if (kind < 90) return { chain: "OUTPUT", to: address(any), verdict: "reject", ...comment };
  if (kind < 94)
    return { chain: "INPUT", from: address(any), proto: "tcp", ports: [25, 465, 587], verdict: "reject" };
  if (kind < 98) return { chain: "INPUT", from: network(any), proto: "tcp", ports: [22], verdict: "drop" };
  return { chain: "INPUT", in: "eth0", proto: "tcp", ports: portList(any, 3), verdict: "accept", ...comment };
}

function pairRule(any, i) {
  const proto = any.chance(0.85) ? "tcp" : "udp";
  const comment = any.chance(0.1) ? { comment: `customer ${1000 + i}` } : {};
  const pair = { from: inside(any), proto, ports: [port(any)], verdict: "accept", ...comment };
  const kind = any.below(100);
  if (kind < 70) return { chain: "INPUT", ...pair };
  if (kind < 80) return { chain: "INPUT", ...pair, ports: portList(any, 3) };
  if (kind < 95) return { chain: "FORWARD", in: any.pick(INTERFACES), ...pair, to: inside(any) };
  return { chain: "OUTPUT", ...pair, from: undefined, to: address(any) };
}

const CHAIN_LENGTH = 100;

/** A chain and the rule that jumps to it. */
function serviceChain(any, number, length) {
  const chain = `svc-${number}`;
  const base = any.chance(0.7) ? "INPUT" : "FORWARD";
  const rules = Array.from({ length: length - 1 }, () => ({ chain, ...serviceRule(any) }));
  const jump = { chain: base, in: any.pick(INTERFACES), verdict: chain };
  const kind = any.below(3);
  if (kind === 0) Object.assign(jump, { from: network(any) });
  if (kind === 1) Object.assign(jump, { proto: "tcp", ports: portList(any, 4) });
  if (kind === 2) Object.assign(jump, { from: network(any), proto: "tcp" });
  return { chain, rules, jump };
}

function serviceRule(any) {
  const proto = any.chance(0.85) ? "tcp" : "udp";
  const kind = any.below(100);
  if (kind < 40) return { proto, ports: [port(any)], state: ["new"], verdict: "accept" };
  if (kind < 60) return { from: network(any), proto, ports: [port(any)], verdict: "accept" };
  if (kind < 75) return { proto, ports: portList(any, 5), verdict: "accept" };
  if (kind < 85) return { from: network(any), verdict: "drop" };
  if (kind < 90) return { from: address(any), proto, ports: ["8000-8100"], verdict: "accept" };
  if (kind < 95) return { from: network(any), proto: "tcp", ports: [22], verdict: "LOGDROP" };
  if (kind < 97) return { proto, ports: [port(any)], limit: 10, log: "service", verdict: "log" };
  return { from: address(any), verdict: "return" };
}

function mixedRule(any, i) {
  const kind = any.below(100);
  if (kind < 40) return blocklistRule(any, i);
  if (kind < 75) return pairRule(any, i);
  if (kind < 77) return { chain: "INPUT", from: inside(any), proto: "tcp", ports: [21], verdict: "accept" };
  return { chain: "INPUT", in: any.chance(0.5) ? any.pick(INTERFACES) : undefined, ...serviceRule(any) };
}

const PROLOGUE = [
  { chain: "INPUT", in: "lo", verdict: "accept" },
  { chain: "INPUT", state: ["established", "related"], verdict: "accept" },
  { chain: "INPUT", state: ["invalid"], verdict: "drop" },
  { chain: "INPUT", proto: "icmp", verdict: "accept" },
  { chain: "FORWARD", state: ["established", "related"], verdict: "accept" },
  { chain: "INPUT", set: "trusted", proto: "tcp", ports: [22], verdict: "accept" },
  { chain: "LOGDROP", limit: 5, log: "dropped", verdict: "log" },
  { chain: "LOGDROP", verdict: "drop" },
];

const FTP = { chain: "INPUT", proto: "tcp", ports: [21], state: ["new"], verdict: "accept" };

const EPILOGUE = [
  { chain: "INPUT", proto: "tcp", ports: [80, 443], verdict: "accept" },
  { chain: "INPUT", limit: 5, log: "input", verdict: "log" },
  { chain: "FORWARD", limit: 5, log: "forward", verdict: "log" },
];

const SHAPES = {
  blocklist: (any, count) => ({
    chains: [],
    rules: Array.from({ length: count }, (_, i) => blocklistRule(any, i)),
  }),
  services(any, count) {
    const made = Array.from({ length: Math.ceil(count / CHAIN_LENGTH) }, (_, i) =>
      serviceChain(any, i, Math.min(CHAIN_LENGTH, count - i * CHAIN_LENGTH)),
    );
    return {
      chains: made.map((one) => one.chain),
      rules: [...made.flatMap((one) => one.rules), ...made.map((one) => one.jump)],
    };
  },
  pairs: (any, count) => ({
    chains: [],
    rules: Array.from({ length: count }, (_, i) => pairRule(any, i)),
  }),
  mixed: (any, count) => ({
    chains: [],
    rules: Array.from({ length: count }, (_, i) => mixedRule(any, i)),
  }),
};

export const SHAPE_NAMES = Object.keys(SHAPES);

/**
 * A ruleset of exactly `count` rules (the one that assigns the helper aside), FTP's control connection let in near
 * the end; `helper`: and its data connections tracked.
 */
export function makeRuleset({ shape, count, seed = 1, helper = false }) {
  const any = random(seed);
  const around = PROLOGUE.length + 1 + EPILOGUE.length;
  const { chains, rules } = SHAPES[shape](any, count - around);
  return {
    helper,
    chains: ["LOGDROP", ...chains],
    trusted: Array.from({ length: 200 }, () => address(any)),
    rules: [...PROLOGUE, ...rules, FTP, ...EPILOGUE],
  };
}
