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
  readonly finds?: readonly string[];
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
  /** Where it is reported by other codes than in the other dialect. */
  readonly finds?: readonly string[];
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
  /** The codes that `check` reports of the faulty form, and not of the fixed one. */
  readonly finds: readonly string[];
  /** The server's configuration, which names its range and whether it offers TLS, lies beside the rules. */
  readonly configured?: boolean;
  /** That range in the fixed form, where it is not the one port that the server really uses. */
  readonly fixedRange?: readonly [first: number, last: number];
  /** As in `Case`. */
  readonly opensControl?: boolean;
  readonly switchedOn?: readonly string[];
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
    finds: ["helper-not-assigned"],
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 2,
    name: "module-without-rule",
    finds: ["helper-not-assigned"],
    iptables: { faulty: overIpv4(works, blocked), files: ["iptables.sh"] },
    nft: { faulty: overBoth(works, blocked), files: ["nft.sh"] },
  },
  {
    number: 3,
    name: "removed-sysctl",
    finds: ["helper-not-assigned"],
    iptables: { faulty: overIpv4(works, blocked), files: ["iptables.sh"] },
    nft: { faulty: overBoth(works, blocked), files: ["nft.sh"] },
  },
  {
    number: 4,
    name: "related-never-accepted",
    finds: ["passive-data-blocked"],
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 5,
    name: "wrong-passive-range",
    finds: ["passive-range-mismatch"],
    configured: true,
    fixedRange: [50000, 50100],
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 6,
    name: "port-20-inbound",
    finds: ["passive-data-blocked", "port-20-opened"],
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 7,
    name: "source-port-20-hole",
    finds: ["source-port-open"],
    on: "client",
    hole: "10.2.0.66:20 -> 10.1.0.2:22",
    iptables: { faulty: overIpv4(works, works), declines: ["ports"] },
    nft: { faulty: overBoth(works, works), declines: ["ports"] },
  },
  {
    number: 8,
    name: "accept-after-reject",
    finds: ["ftp-rule-unreachable"],
    opensControl: true,
    iptables: { faulty: overIpv4(noControl, noControl), files: ["iptables.sh"] },
    nft: { faulty: overBoth(noControl, noControl) },
  },
  {
    number: 9,
    name: "tls-with-helper",
    finds: ["helper-cannot-read-tls"],
    sessions: [{ tls: "explicit" }],
    // That the server offers TLS is nothing that the rules show.
    configured: true,
    iptables: { faulty: overIpv4(works, blocked), declines: ["helper"] },
    nft: { faulty: overBoth(works, blocked), declines: ["helper"] },
  },
  {
    number: 10,
    name: "private-address-in-227",
    finds: ["helper-not-assigned"],
    on: "gateway",
    network: published,
    sessions: eitherClient,
    iptables: { faulty: overIpv4(blocked, blocked), declines: ["ports"] },
    nft: { faulty: overBoth(blocked, blocked), declines: ["ports"] },
  },
  {
    number: 11,
    name: "all-high-ports-open",
    finds: ["high-ports-open"],
    hole: "10.1.0.66:high -> 10.2.0.2:3306",
    iptables: { faulty: overIpv4(works, works) },
    nft: { faulty: overBoth(works, works) },
  },
  {
    number: 12,
    name: "public-address-without-range",
    finds: ["passive-data-blocked"],
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
    finds: ["helper-not-assigned"],
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 14,
    name: "helper-matched-not-set",
    finds: ["helper-not-assigned"],
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 15,
    name: "object-name-matched",
    finds: ["passive-data-blocked"],
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 16,
    name: "helper-after-accept",
    finds: ["helper-not-assigned"],
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 17,
    name: "helper-in-filter-table",
    finds: ["ct-target-outside-raw"],
    iptables: { faulty: { refused: true } },
  },
  {
    number: 18,
    name: "helper-without-protocol",
    finds: ["helper-for-every-port"],
    iptables: { faulty: { refused: true }, finds: ["helper-needs-protocol"] },
    nft: { faulty: overBoth(works, works) },
  },
  {
    number: 19,
    name: "state-before-conntrack",
    finds: ["helper-not-assigned"],
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 20,
    name: "helper-for-wrong-port",
    finds: ["helper-not-assigned"],
    on: "gateway",
    network: published,
    controlPort: 2121,
    iptables: { faulty: overIpv4(blocked, blocked), declines: ["ports"] },
    nft: { faulty: overIpv4(blocked, blocked), declines: ["ports"] },
  },
  {
    number: 21,
    name: "other-control-port",
    finds: ["helper-port-not-let-in"],
    controlPort: 2121,
    // That an FTP server listens on 2121 is nothing that the text shows.
    silent: true,
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 22,
    name: "client-helper-in-prerouting",
    finds: ["helper-not-assigned"],
    on: "client",
    iptables: { faulty: overIpv4(blocked, works), declines: ["ports"] },
    nft: { faulty: overBoth(blocked, works), declines: ["ports"] },
  },
  {
    number: 23,
    name: "output-closed",
    finds: ["active-data-blocked", "passive-data-blocked"],
    iptables: { faulty: overIpv4(blocked, blocked) },
    nft: { faulty: overBoth(blocked, blocked) },
  },
  {
    number: 24,
    name: "masquerade-without-helper",
    finds: ["helper-not-assigned"],
    on: "gateway",
    iptables: { faulty: overIpv4(blocked, blocked), declines: ["ports"] },
    nft: { faulty: overBoth(blocked, blocked), declines: ["ports"] },
  },
  {
    number: 25,
    name: "control-untracked",
    finds: ["passive-data-blocked"],
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 26,
    name: "udp-range",
    finds: ["passive-data-blocked", "udp-opened"],
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 27,
    name: "ipv6-forgotten",
    finds: ["helper-not-assigned"],
    iptables: {
      faulty: { ipv4: [works, works], ipv6: [works, blocked] },
      files: ["rules.v4", "rules.v6"],
    },
    nft: { faulty: { ipv4: [works, works], ipv6: [works, blocked] } },
  },
  {
    number: 28,
    name: "forward-matches-public-port",
    finds: ["published-control-blocked"],
    opensControl: true,
    on: "gateway",
    network: published,
    controlPort: 2121,
    iptables: { faulty: overIpv4(noControl, noControl), declines: ["ports"] },
    nft: { faulty: overIpv4(noControl, noControl), declines: ["ports"] },
  },
  {
    number: 29,
    name: "any-related",
    finds: ["related-unrestricted"],
    switchedOn: ["related-unrestricted"],
    hole: "none",
    iptables: { faulty: overIpv4(works, works) },
    nft: { faulty: overBoth(works, works) },
  },
  {
    number: 30,
    name: "helper-needs-helper",
    finds: ["helper-not-assigned"],
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 31,
    name: "helper-after-dstnat",
    finds: ["helper-after-dstnat"],
    on: "gateway",
    network: published,
    // This kernel has the fix; those that lack it garble the control connection.
    nft: { faulty: overBoth(works, works) },
  },
  {
    number: 32,
    name: "high-to-high",
    finds: ["high-ports-open"],
    hole: "10.1.0.66:high -> 10.2.0.2:3306",
    iptables: { faulty: overIpv4(works, works) },
    nft: { faulty: overBoth(works, works) },
  },
  {
    number: 33,
    name: "ruleset-refused",
    finds: ["unknown-helper"],
    iptables: { faulty: { refused: true } },
    nft: { faulty: { refused: true }, finds: ["unknown-helper-type"] },
  },
  {
    number: 33,
    name: "ruleset-refused",
    finds: ["undefined-helper"],
    nft: { faulty: { refused: true }, files: ["object-elsewhere.nft"] },
  },
  {
    number: 33,
    name: "ruleset-refused",
    finds: ["invalid-value"],
    iptables: { faulty: { refused: true }, files: ["multiport.rules.v4"] },
  },
  {
    number: 34,
    name: "helper-lost-in-translation",
    finds: ["helper-not-assigned"],
    // What is to be moved to nftables has no fault; what became of it has.
    iptables: { faulty: overIpv4(works, works), finds: [] },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 35,
    name: "published-range-wrong",
    finds: ["passive-range-mismatch"],
    configured: true,
    fixedRange: [50000, 50100],
    on: "gateway",
    network: published,
    iptables: { faulty: overIpv4(works, blocked) },
    nft: { faulty: overBoth(works, blocked) },
  },
  {
    number: 35,
    name: "published-range-wrong",
    finds: ["passive-range-mismatch"],
    fixedRange: [50000, 50100],
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
    finds: ["source-port-open"],
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
  const { faulty, files = usualFiles, declines, finds = mode.finds } = dialect;
  const { hole, silent, configured, fixedRange, opensControl, switchedOn } = mode;
  const ruleset = (form: "faulty" | "fixed"): Ruleset => ({
    files: files.map((name) => `${form}.${name}`),
    failureMode: `${String(mode.number).padStart(2, "0")}-${mode.name}`,
    on: mode.on ?? "server",
    controlPort: mode.controlPort,
    ...mode.network,
    session,
    configured,
    switchedOn,
  });
  return [
    "refused" in faulty
      ? { ...ruleset("faulty"), ...faulty, finds }
      : {
          ...ruleset("faulty"),
          ...faulty,
          hole,
          silent,
          declines,
          finds,
          opensControl,
          fixedForLargeFiles: true,
        },
    {
      ...ruleset("fixed"),
      ...overBoth(works, works),
      hole: hole && "none",
      silentAbout: finds,
      configuredRange: fixedRange,
    },
  ];
}
