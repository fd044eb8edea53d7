import { type Case, published, type Ruleset, type Strategy } from "./cases.ts";
import type { SessionKind } from "./host.ts";
import { blocked, noControl, type Outcomes, overBoth, overIpv4, works } from "./outcomes.ts";
import { parsedAddresses } from "./product.ts";
import { gatewayAddress, type Place } from "./rig/topology.ts";

// The ways in which firewalls fail FTP, each in a folder of `failure-modes/` with a faulty and a fixed form per dialect.
// A mode that a dialect does not know has no form in it.

/** A ruleset that cannot be loaded. */
export interface Refused extends Ruleset {
  readonly refused: true;
}

/** One form of a failure mode in one dialect. */
type Form = Case | Refused;

/** A failure mode in one dialect. Every fixed form lets active and passive mode pass, over IPv4 and IPv6. */
interface InDialect {
  /** What the kernel was seen to do with the faulty form. */
  readonly faulty: Outcomes | Pick<Refused, "refused">;
  /** What stands behind `faulty.` and `fixed.` in the names of the files; `rules.v4` or `nft` unless given. */
  readonly files?: readonly string[];
  /** Of the faulty form, as in `Case`. */
  readonly declines?: readonly Strategy[];
}

interface FailureMode {
  readonly number: number;
  readonly name: string;
  /** The server unless given. */
  readonly on?: Place;
  readonly controlPort?: number;
  /** The gateway's two sides, and what the client dials. */
  readonly network?: Pick<Ruleset, "interfaces" | "connectTo">;
  /** Kinds of sessions, each of which has these outcomes; the plain one unless given. */
  readonly sessions?: readonly SessionKind[];
  /** Of the faulty form, as in `Case`. */
  readonly silent?: boolean;
  /** What strangers reach through the faulty form, as in `Case`; through the fixed one the control port alone. */
  readonly hole?: string;
  readonly iptables?: InDialect;
  readonly nft?: InDialect;
}

/** A client that connects to the address in 227, and one that does not. */
const eitherClient: readonly SessionKind[] = [{}, { pasvAddress: "follow" }];
const eitherClientOfAnnounced: readonly SessionKind[] = eitherClient.map((session) => ({
  ...session,
  announced: { 4: parsedAddresses(gatewayAddress.client)[4] },
}));

const modes: readonly FailureMode[] = [
  {
    number: 1,
    name: "only-port-21",
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 2,
    name: "module-without-rule",
    iptables: { faulty: overIpv4(works, blocked), files: ["iptables.sh"] },
    nft: { faulty: overBoth(works, blocked), files: ["nft.sh"] },
  },
  {
    number: 3,
    name: "removed-sysctl",
    iptables: { faulty: overIpv4(works, blocked), files: ["iptables.sh"] },
    nft: { faulty: overBoth(works, blocked), files: ["nft.sh"] },
  },
  {
    number: 4,
    name: "related-never-accepted",
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 5,
    name: "wrong-passive-range",
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 6,
    name: "port-20-inbound",
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 7,
    name: "source-port-20-hole",
    on: "client",
    hole: "10.2.0.66:20 -> 10.1.0.2:22",
    iptables: { faulty: overIpv4(works, works) },
    nft: { faulty: overBoth(works, works) },
  },
  {
    number: 8,
    name: "accept-after-reject",
    iptables: { faulty: overIpv4(noControl, noControl), files: ["iptables.sh"] },
    nft: { faulty: overBoth(noControl, noControl) },
  },
  {
    number: 9,
    name: "tls-with-helper",
    sessions: [{ tls: "explicit" }],
    // Whether client and server use TLS is nothing that the text shows.
    silent: true,
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 10,
    name: "private-address-in-227",
    on: "gateway",
    network: published,
    sessions: eitherClient,
    iptables: { faulty: overIpv4(blocked, blocked), declines: ["ports"] },
    nft: { faulty: overBoth(blocked, blocked), declines: ["ports"] },
  },
  {
    number: 11,
    name: "all-high-ports-open",
    hole: "10.1.0.66:high -> 10.2.0.2:3306",
    iptables: { faulty: overIpv4(works, works) },
    nft: { faulty: overBoth(works, works) },
  },
  {
    number: 12,
    name: "public-address-without-range",
    on: "gateway",
    network: published,
    sessions: eitherClientOfAnnounced,
    // IPv6 has no address in 229 to announce.
    iptables: { faulty: overIpv4(works, blocked), declines: ["helper", "ports"] },
    nft: { faulty: { ipv4: [works, blocked], ipv6: [works, works] }, declines: ["helper", "ports"] },
  },
  {
    number: 13,
    name: "helper-before-conntrack",
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 14,
    name: "helper-matched-not-set",
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 15,
    name: "object-name-matched",
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 16,
    name: "helper-after-accept",
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 17,
    name: "helper-in-filter-table",
    iptables: { faulty: { refused: true } },
  },
  {
    number: 18,
    name: "helper-without-protocol",
    iptables: { faulty: { refused: true } },
    nft: { faulty: overBoth(works, works) },
  },
  {
    number: 19,
    name: "state-before-conntrack",
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 20,
    name: "helper-for-wrong-port",
    on: "gateway",
    network: published,
    controlPort: 2121,
    iptables: { faulty: overIpv4(blocked, blocked), declines: ["ports"] },
    nft: { faulty: overIpv4(blocked, blocked), declines: ["ports"] },
  },
  {
    number: 21,
    name: "other-control-port",
    controlPort: 2121,
    // That an FTP server listens on 2121 is nothing that the text shows.
    silent: true,
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 22,
    name: "client-helper-in-prerouting",
    on: "client",
    iptables: { faulty: overIpv4(blocked, works), declines: ["ports"] },
    nft: { faulty: overBoth(blocked, works), declines: ["ports"] },
  },
  {
    number: 23,
    name: "output-closed",
    iptables: { faulty: overIpv4(blocked, blocked) },
    nft: { faulty: overBoth(blocked, blocked) },
  },
  {
    number: 24,
    name: "masquerade-without-helper",
    on: "gateway",
    iptables: { faulty: overIpv4(blocked, blocked), declines: ["ports"] },
    nft: { faulty: overBoth(blocked, blocked), declines: ["ports"] },
  },
  {
    number: 25,
    name: "control-untracked",
    iptables: { faulty: overIpv4(works, blocked), declines: ["helper"] },
    nft: { faulty: overBoth(works, blocked), declines: ["helper"] },
  },
  {
    number: 26,
    name: "udp-range",
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 27,
    name: "ipv6-forgotten",
    iptables: {
      faulty: { ipv4: [works, works], ipv6: [works, blocked] },
      files: ["rules.v4", "rules.v6"],
    },
    nft: { faulty: { ipv4: [works, works], ipv6: [works, blocked] } },
  },
  {
    number: 28,
    name: "forward-matches-public-port",
    on: "gateway",
    network: published,
    controlPort: 2121,
    iptables: { faulty: overIpv4(noControl, noControl) },
    nft: { faulty: overIpv4(noControl, noControl) },
  },
  {
    number: 29,
    name: "any-related",
    hole: "none",
    iptables: { faulty: overIpv4(works, works) },
    nft: { faulty: overBoth(works, works) },
  },
  {
    number: 30,
    name: "helper-needs-helper",
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 31,
    name: "helper-after-dstnat",
    on: "gateway",
    network: published,
    // This kernel has the fix; those that lack it garble the control connection.
    nft: { faulty: overBoth(works, works) },
  },
  {
    number: 32,
    name: "high-to-high",
    hole: "10.1.0.66:high -> 10.2.0.2:3306",
    iptables: { faulty: overIpv4(works, works) },
    nft: { faulty: overBoth(works, works) },
  },
  {
    number: 33,
    name: "ruleset-refused",
    iptables: { faulty: { refused: true } },
    nft: { faulty: { refused: true } },
  },
  {
    number: 33,
    name: "ruleset-refused",
    nft: { faulty: { refused: true }, files: ["object-elsewhere.nft"] },
  },
  {
    number: 33,
    name: "ruleset-refused",
    iptables: { faulty: { refused: true }, files: ["multiport.rules.v4"] },
  },
  {
    number: 34,
    name: "helper-lost-in-translation",
    // What is to be moved to nftables has no fault; what became of it has.
    iptables: { faulty: overIpv4(works, works) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 35,
    name: "published-range-wrong",
    on: "gateway",
    network: published,
    // That the range has to be forwarded as well is more than opening ports.
    iptables: { faulty: overIpv4(works, blocked), declines: ["ports"] },
    nft: { faulty: overBoth(works, blocked), declines: ["ports"] },
  },
  {
    number: 35,
    name: "published-range-wrong",
    on: "gateway",
    network: published,
    // The helper ignores a 227 that does not name the server's own address.
    sessions: eitherClientOfAnnounced,
    iptables: { faulty: overIpv4(works, blocked), declines: ["helper", "ports"] },
    nft: { faulty: overBoth(works, blocked), declines: ["helper", "ports"] },
  },
  {
    number: 36,
    name: "reversed-direction",
    iptables: { faulty: overIpv4(noControl, noControl) },
    nft: { faulty: overBoth(noControl, noControl) },
  },
];

/** The faulty and the fixed form of each mode in each dialect. */
export const forms: readonly Form[] = modes.flatMap((mode) =>
  (mode.sessions ?? [undefined]).flatMap((session) => [
    ...formsOf(mode, session, mode.iptables, ["rules.v4"]),
    ...formsOf(mode, session, mode.nft, ["nft"]),
  ]),
);

function formsOf(
  mode: FailureMode,
  session: SessionKind | undefined,
  dialect: InDialect | undefined,
  usualFiles: readonly string[],
): Form[] {
  if (dialect === undefined) return [];
  const { faulty, files = usualFiles, declines } = dialect;
  const { hole, silent } = mode;
  const ruleset = (form: "faulty" | "fixed"): Ruleset => ({
    files: files.map((name) => `${form}.${name}`),
    failureMode: `${String(mode.number).padStart(2, "0")}-${mode.name}`,
    on: mode.on ?? "server",
    controlPort: mode.controlPort,
    ...mode.network,
    session,
  });
  return [
    "refused" in faulty
      ? { ...ruleset("faulty"), ...faulty }
      : { ...ruleset("faulty"), ...faulty, hole, silent, declines },
    { ...ruleset("fixed"), ...overBoth(works, works), hole: hole && "none" },
  ];
}
