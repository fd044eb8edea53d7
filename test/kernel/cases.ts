import type { SessionKind } from "./host.ts";
import type { Outcome } from "./rig/sessions.ts";
import {
  type Addresses,
  type GatewayInterfaces,
  gatewayAddress,
  type Place,
  serverAddress,
} from "./rig/topology.ts";

/** The two ways to let FTP's data pass: track it, or open its ports. */
export type Strategy = "helper" | "ports";

/** A ruleset, and where it stands. */
export interface Ruleset {
  /**
   * Names in `rulesets/<on>/`, of an example in `examples/<on>/<example>/`, of a failure mode in
   * `failure-modes/<failureMode>/` or of an administrator's script in `scripts/<on>/`; loaded in this order.
   */
  readonly files: readonly string[];
  readonly isScript?: boolean;
  /** What a script is called with. */
  readonly arguments?: readonly string[];
  readonly example?: "broken" | "fixed";
  readonly failureMode?: string;
  readonly on: Place;
  /** What the client dials; the server itself unless the gateway forwards. */
  readonly connectTo?: Addresses;
  readonly controlPort?: number;
  readonly interfaces?: GatewayInterfaces;
  readonly session?: SessionKind;
  /** The server's configuration, with its passive range, lies beside the rules when they are repaired. */
  readonly configured?: boolean;
  /** The passive range in that configuration; the one port that the server really uses unless given. */
  readonly configuredRange?: readonly [first: number, last: number];
  /** Checks that are off unless asked for, and are asked for here. */
  readonly switchedOn?: readonly string[];
  /** The rules let nobody in on the control port, and a fix has to. */
  readonly opensControl?: boolean;
}

/** What the kernel was seen to do with a ruleset. */
export interface Case extends Ruleset {
  /**
   * A link on the way with a smaller MTU, and a large file: whether ICMP errors get through.
   * For the kernel alone: sizes are nothing that the simulator knows of.
   */
  readonly mtu?: number;
  /** The client sends the file; the small link is the last one before the server then. */
  readonly upload?: boolean;
  /**
   * Strategies by which the product says that it cannot repair this, fully or in part. Opening ports is no way
   * for active mode unless the firewall is the server: whoever sends from port 20 would reach every high port,
   * and behind NAT the address in PORT stays wrong.
   */
  readonly declines?: readonly Strategy[];
  /** Nothing is said of it: the text does not show that FTP fails (the server's own address decides, say). */
  readonly silent?: boolean;
  /**
   * A way in that strangers have and should not, as the probe writes it; `none` where over IPv4 they reach the
   * control port alone. Not asked unless given.
   */
  readonly hole?: string;
  /** Codes of which `check` has to report each, of a user's files as they are. */
  readonly finds?: readonly string[];
  /** Codes of which it must not report any. */
  readonly silentAbout?: readonly string[];
  /** What passes after a fix has to pass over a link with a smaller MTU, too, a large file among it. */
  readonly fixedForLargeFiles?: boolean;
  /** Fixes that are asked for; both unless given. */
  readonly strategies?: readonly Strategy[];
  /** Outcomes of the active and of the passive session. */
  readonly ipv4: readonly [active: Outcome, passive: Outcome];
  readonly ipv6: readonly [active: Outcome, passive: Outcome];
}

type Row = Omit<Case, "on">;

const works = "works";
const blocked = "blocked";
const noControl = "no-control";

const onServer: readonly Row[] = [
  { files: ["hop-limit.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["hop-limit.rules.v6"], ipv4: [works, works], ipv6: [works, blocked] },
  { files: ["mark-of-no-connection.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["mark-of-untracked.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["not-the-helper.rules.v4"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["last-packet-dropped.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["helper-at-200-after-conntrack.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["only-21.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["tracked.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["tracked-without-neighbour-discovery.nft"], ipv4: [works, works], ipv6: [noControl, noControl] },
  { files: ["neighbour-solicitations-only.nft"], ipv4: [works, works], ipv6: [noControl, noControl] },
  { files: ["neighbour-discovery-untracked.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["helper-without-related.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["helper-at-raw.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["helper-at-201.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["helper-at-200.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["helper-at-199.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["helper-in-input-before-accept.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["helper-in-later-input-chain.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["helper-after-accept.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["helper-on-established.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["helper-matched-not-set.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["helper-object-name-matched.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["helper-circular.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["helper-for-ipv4-only.nft"], ipv4: [works, works], ipv6: [works, blocked] },
  { files: ["state-new-before-conntrack.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  {
    files: ["invalid-dropped-before-conntrack.nft"],
    ipv4: [noControl, noControl],
    ipv6: [noControl, noControl],
  },
  {
    files: ["accept-after-reject.nft"],
    opensControl: true,
    ipv4: [noControl, noControl],
    ipv6: [noControl, noControl],
  },
  { files: ["accept-before-reject.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["port-20-inbound.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["port-21-both-ways-only.nft"], ipv4: [blocked, blocked], ipv6: [blocked, blocked] },
  { files: ["output-port-20-established.nft"], ipv4: [blocked, works], ipv6: [blocked, works] },
  { files: ["output-related.nft"], ipv4: [works, works], ipv6: [works, works] },
  {
    files: ["replies-not-let-out.nft"],
    opensControl: true,
    ipv4: [noControl, noControl],
    ipv6: [noControl, noControl],
  },
  { files: ["notrack.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  {
    files: ["notrack-one-way.nft"],
    declines: ["helper", "ports"],
    ipv4: [noControl, noControl],
    ipv6: [noControl, noControl],
  },
  { files: ["udp-range.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["tcp-range.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["wrong-range.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["high-to-high.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["reversed-direction.nft"], ipv4: [noControl, noControl], ipv6: [noControl, noControl] },
  {
    files: ["port-2121-unknown-to-helper.nft"],
    silent: true,
    controlPort: 2121,
    ipv4: [works, blocked],
    ipv6: [works, blocked],
  },
  { files: ["port-2121-tracked.nft"], controlPort: 2121, ipv4: [works, works], ipv6: [works, works] },
  { files: ["verdict-maps.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["jumps-and-returns.nft"], silent: true, ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["two-base-chains.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["named-sets.nft"], ipv4: [works, works], ipv6: [works, blocked] },
  { files: ["one-table-per-family.nft"], ipv4: [works, works], ipv6: [works, blocked] },
  // The first SYN is lost; the second, a second later, is NEW and passes.
  { files: ["related-dropped-then-port-open.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["web-and-ftp-host.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },

  { files: ["only-21.rules.v4"], ipv4: [works, blocked], ipv6: [works, works] },
  { files: ["tracked.rules.v4", "tracked.rules.v6"], ipv4: [works, works], ipv6: [works, works] },
  {
    files: ["tracked.rules.v4", "helper-missing-in-ipv6.rules.v6"],
    ipv4: [works, works],
    ipv6: [works, blocked],
  },
  { files: ["no-neighbour-discovery.rules.v6"], ipv4: [works, works], ipv6: [noControl, noControl] },
  { files: ["red-hat-5.rules.v4"], ipv4: [works, blocked], ipv6: [works, works] },
  { files: ["ufw-like.rules.v4"], ipv4: [works, blocked], ipv6: [works, works] },
  { files: ["multiport-range.rules.v4"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["tutorial-20-21.rules.v4"], ipv4: [blocked, blocked], ipv6: [works, works] },
  { files: ["source-port-rules.rules.v4"], ipv4: [blocked, blocked], ipv6: [works, works] },
  { files: ["helper-matched-in-raw.rules.v4"], ipv4: [works, blocked], ipv6: [works, works] },
  { files: ["helper-circular.rules.v4"], ipv4: [works, blocked], ipv6: [works, works] },
  { files: ["state-new-in-raw.rules.v4"], ipv4: [works, blocked], ipv6: [works, works] },
  { files: ["notrack.rules.v4"], ipv4: [works, blocked], ipv6: [works, works] },
  { files: ["insert-and-negation.rules.v4"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["goto-chain.rules.v4"], ipv4: [works, blocked], ipv6: [works, works] },
  { files: ["closed-but-working.rules.v4"], ipv4: [works, works], ipv6: [works, works] },

  // Several files, in both orders: which one is loaded last decides what is left.
  {
    files: ["closed.rules.v4", "closed.rules.v6", "tracked.nft"],
    ipv4: [works, works],
    ipv6: [works, works],
  },
  {
    files: ["tracked.nft", "closed.rules.v4", "closed.rules.v6"],
    ipv4: [noControl, noControl],
    ipv6: [noControl, noControl],
  },
  { files: ["closed.rules.v4", "tracked.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["tracked.nft", "closed.rules.v4"], ipv4: [noControl, noControl], ipv6: [works, works] },
  { files: ["closed.rules.v4", "only-21.nft"], ipv4: [noControl, noControl], ipv6: [works, blocked] },
  { files: ["only-21.nft", "closed.rules.v4"], ipv4: [noControl, noControl], ipv6: [works, blocked] },
  { files: ["only-21.rules.v4", "only-21.nft"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["only-21.nft", "only-21.rules.v4"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["only-21.rules.v4", "helper-alone.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["helper-alone.nft", "only-21.rules.v4"], ipv4: [works, works], ipv6: [works, works] },
  {
    files: ["closed.rules.v4", "closed.rules.v6", "flush-ipv6.nft"],
    ipv4: [noControl, noControl],
    ipv6: [works, works],
  },
  {
    files: ["flush-ipv6.nft", "closed.rules.v4", "closed.rules.v6"],
    ipv4: [noControl, noControl],
    ipv6: [noControl, noControl],
  },
  {
    files: ["tracked.rules.v4", "flush-table-ip-filter.nft"],
    ipv4: [noControl, noControl],
    ipv6: [works, works],
  },
  { files: ["flush-table-ip-filter.nft", "tracked.rules.v4"], ipv4: [works, works], ipv6: [works, works] },
  {
    files: ["tracked.rules.v4", "drop-in-ip-filter.nft"],
    declines: ["helper", "ports"],
    ipv4: [noControl, noControl],
    ipv6: [works, works],
  },
  { files: ["drop-in-ip-filter.nft", "tracked.rules.v4"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["tracked.rules.v4", "iptables-flush.sh"], ipv4: [noControl, noControl], ipv6: [works, works] },
  { files: ["iptables-flush.sh", "tracked.rules.v4"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["tracked.nft", "iptables-flush.sh"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["closed.rules.v4", "iptables-cleared.sh"], ipv4: [works, works], ipv6: [works, works] },

  { files: ["tutorial.sh"], ipv4: [works, blocked], ipv6: [works, works] },
  { files: ["module-is-not-enough.sh"], ipv4: [works, blocked], ipv6: [works, works] },
  { files: ["loop-over-ports.sh"], ipv4: [works, blocked], ipv6: [works, works] },
  { files: ["loop-over-families.sh"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["functions.sh"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["nft-commands.sh"], ipv4: [works, blocked], ipv6: [works, blocked] },
  { files: ["here-document.sh"], ipv4: [works, blocked], ipv6: [works, works] },
  { files: ["inserted-too-late.sh"], ipv4: [works, blocked], ipv6: [works, works] },
  { files: ["everything-closed.sh"], ipv4: [blocked, blocked], ipv6: [works, works] },
  { files: ["reversed-direction.sh"], ipv4: [noControl, noControl], ipv6: [works, works] },
];

const onClient: readonly Row[] = [
  { files: ["masquerades-itself.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["masquerades-itself-untracked.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["workstation.nft"], declines: ["ports"], ipv4: [blocked, works], ipv6: [blocked, works] },
  { files: ["workstation-tracked.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["closed.nft"], declines: ["ports"], ipv4: [blocked, blocked], ipv6: [blocked, blocked] },
  { files: ["closed-tracked.nft"], ipv4: [works, works], ipv6: [works, works] },
  {
    files: ["helper-in-prerouting.nft"],
    declines: ["ports"],
    ipv4: [blocked, works],
    ipv6: [blocked, works],
  },
  { files: ["passive-ports-out.nft"], declines: ["ports"], ipv4: [blocked, works], ipv6: [blocked, works] },
  { files: ["source-port-20.nft"], declines: ["ports"], ipv4: [works, works], ipv6: [works, works] },
  {
    files: ["no-neighbour-discovery.nft"],
    declines: ["ports"],
    ipv4: [blocked, works],
    ipv6: [noControl, noControl],
  },
  { files: ["workstation.rules.v4"], declines: ["ports"], ipv4: [blocked, works], ipv6: [works, works] },
  {
    files: ["helper-in-prerouting.rules.v4"],
    declines: ["ports"],
    ipv4: [blocked, blocked],
    ipv6: [works, works],
  },
  { files: ["tracked.rules.v4", "tracked.rules.v6"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["limited-desktop.sh"], declines: ["ports"], ipv4: [blocked, blocked], ipv6: [works, works] },
  { files: ["limited-desktop-tracked.sh"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["source-port-20.sh"], declines: ["ports"], ipv4: [works, blocked], ipv6: [works, works] },
];

/** Clients inside, the server outside, with the interfaces' traditional names. */
const lanIsEth1: GatewayInterfaces = { client: "eth1", server: "eth0" };
/** The clients are outside and the server is inside. */
const serverInside: GatewayInterfaces = { client: "wan0", server: "lan0" };
/** IPv4 is forwarded by the gateway; IPv6 needs no NAT, the client dials the server itself. */
export const published = {
  interfaces: serverInside,
  connectTo: { ipv4: gatewayAddress.client.ipv4, ipv6: serverAddress.ipv6 },
} as const;

const onGateway: readonly Row[] = [
  { files: ["masquerade.nft"], declines: ["ports"], ipv4: [blocked, works], ipv6: [blocked, works] },
  { files: ["masquerade-tracked.nft"], ipv4: [works, works], ipv6: [works, works] },
  {
    files: ["masquerade-helper-in-output.nft"],
    declines: ["ports"],
    ipv4: [blocked, works],
    ipv6: [blocked, works],
  },
  {
    files: ["masquerade-21-only.nft"],
    declines: ["ports"],
    interfaces: lanIsEth1,
    ipv4: [blocked, blocked],
    ipv6: [blocked, blocked],
  },
  { files: ["masquerade-21-tracked.nft"], interfaces: lanIsEth1, ipv4: [works, works], ipv6: [works, works] },
  { files: ["helper-in-forward.nft"], ipv4: [works, works], ipv6: [works, works] },
  { files: ["routed.nft"], declines: ["ports"], ipv4: [blocked, blocked], ipv6: [blocked, blocked] },
  { files: ["routed-tracked.nft"], ipv4: [works, works], ipv6: [works, works] },
  {
    files: ["routed-without-neighbour-discovery.nft"],
    ipv4: [works, works],
    ipv6: [noControl, noControl],
  },
  {
    files: ["dnat-21-only.nft"],
    declines: ["ports"],
    ...published,
    ipv4: [blocked, blocked],
    ipv6: [blocked, blocked],
  },
  {
    files: ["dnat-21-inside-may-go-out.nft"],
    ...published,
    declines: ["ports"],
    ipv4: [works, blocked],
    ipv6: [works, blocked],
  },
  {
    files: ["dnat-21-and-range.nft"],
    declines: ["ports"],
    ...published,
    ipv4: [blocked, works],
    ipv6: [blocked, blocked],
  },
  { files: ["dnat-tracked.nft"], ...published, ipv4: [works, works], ipv6: [works, works] },
  {
    files: ["dnat-2121-helper-port-after.nft"],
    declines: ["ports"],
    ...published,
    controlPort: 2121,
    ipv4: [blocked, blocked],
    ipv6: [works, works],
  },
  {
    files: ["dnat-2121-tracked.nft"],
    ...published,
    controlPort: 2121,
    ipv4: [works, works],
    ipv6: [works, works],
  },
  {
    files: ["dnat-2121-forward-public-port.nft"],
    opensControl: true,
    declines: ["ports"],
    ...published,
    controlPort: 2121,
    ipv4: [noControl, noControl],
    ipv6: [works, works],
  },
  {
    files: ["home-router.nft"],
    declines: ["ports"],
    interfaces: lanIsEth1,
    ipv4: [blocked, works],
    ipv6: [blocked, works],
  },
  {
    files: ["home-router.rules.v4"],
    declines: ["ports"],
    interfaces: lanIsEth1,
    ipv4: [blocked, blocked],
    ipv6: [works, works],
  },
  {
    files: ["home-router-tracked.rules.v4"],
    interfaces: lanIsEth1,
    ipv4: [works, works],
    ipv6: [works, works],
  },
  {
    files: ["published-server.rules.v4"],
    declines: ["ports"],
    ...published,
    ipv4: [blocked, works],
    ipv6: [works, works],
  },
  {
    files: ["published-wrong-port.rules.v4"],
    declines: ["ports"],
    ...published,
    controlPort: 2121,
    ipv4: [blocked, blocked],
    ipv6: [works, works],
  },
  {
    files: ["published-tracked.rules.v4"],
    ...published,
    controlPort: 2121,
    ipv4: [works, works],
    ipv6: [works, works],
  },
  { files: ["routed.rules.v6"], declines: ["ports"], ipv4: [works, works], ipv6: [blocked, blocked] },
  {
    files: ["masquerade.sh"],
    declines: ["ports"],
    interfaces: lanIsEth1,
    ipv4: [blocked, works],
    ipv6: [works, works],
  },
  { files: ["masquerade-tracked.sh"], interfaces: lanIsEth1, ipv4: [works, works], ipv6: [works, works] },
  {
    files: ["port-forward.sh"],
    declines: ["ports"],
    ...published,
    ipv4: [blocked, blocked],
    ipv6: [works, works],
  },
  {
    files: ["forwarded-in-input.sh"],
    opensControl: true,
    declines: ["ports"],
    ...published,
    controlPort: 2121,
    ipv4: [noControl, noControl],
    ipv6: [works, works],
  },
];

const behindRouter: GatewayInterfaces = { client: "lan0", server: "wan0", router: true };
const bothBlocked = { ipv4: [blocked, blocked], ipv6: [blocked, blocked] } as const;
const bothWork = { ipv4: [works, works], ipv6: [works, works] } as const;
const bothPassiveBlocked = { ipv4: [works, blocked], ipv6: [works, blocked] } as const;
const ipv4PassiveBlocked = { ipv4: [works, blocked], ipv6: [works, works] } as const;
const ipv4Blocked = { ipv4: [blocked, blocked], ipv6: [works, works] } as const;

/**
 * Who sends the file needs the ICMP error that says how small its packets have to be; who receives it does not. The
 * error comes from the router before the small link: the gateway itself (then it passes OUTPUT), or, where another
 * router stands beyond it, from that one (then it passes FORWARD).
 */
export const overSmallLinks: readonly Case[] = [
  ...overSmallLink("server", "tracked.nft", { file: bothWork }),
  ...overSmallLink("server", "tracked-without-icmp-errors.nft", { file: bothBlocked, upload: bothWork }),
  ...overSmallLink("server", "tcp-range.nft", { file: bothBlocked }),
  ...overSmallLink("server", "related-for-helper-alone.rules.v4", { file: ipv4Blocked, upload: bothWork }),
  ...overSmallLink("server", "fragmentation-needed.rules.v4", { file: bothWork }),
  ...overSmallLink("client", "closed-tracked.nft", { file: bothWork, upload: bothBlocked }),
  ...overSmallLink("client", "related-icmp.nft", { file: bothWork, upload: bothWork }),
  ...overSmallLink("client", "workstation-tracked.nft", { upload: bothWork }),
  ...overSmallLink("gateway", "icmp-not-forwarded.nft", {
    file: bothWork,
    upload: bothWork,
    beyond: bothBlocked,
  }),
  ...overSmallLink("gateway", "icmp-forwarded.nft", { file: bothWork, upload: bothWork, beyond: bothWork }),
  ...overSmallLink("gateway", "own-icmp-not-let-out.nft", {
    file: bothBlocked,
    upload: bothBlocked,
    beyond: bothWork,
  }),
  ...overSmallLink("gateway", "own-icmp-let-out.nft", {
    file: bothWork,
    upload: bothWork,
    beyond: bothBlocked,
  }),
  // The router knows the MTU of its own links only.
  ...overSmallLink("gateway", "segments-clamped.nft", {
    file: bothWork,
    upload: bothWork,
    beyond: bothBlocked,
  }),
  ...overSmallLink("gateway", "segments-clamped.rules.v4", {
    file: bothWork,
    upload: bothWork,
    beyond: ipv4Blocked,
  }),
  ...overSmallLink("gateway", "masquerade-own-icmp-not-let-out.rules.v4", {
    file: ipv4Blocked,
    upload: ipv4Blocked,
    beyond: bothWork,
  }),
  ...overSmallLink("gateway", "masquerade-tracked.nft", { file: bothWork, beyond: bothWork }),
  // The error is addressed to the gateway, and forwarded to the server that it is about.
  ...overSmallLink("gateway", "dnat-tracked.nft", { ...published, file: bothWork, beyond: bothBlocked }),
  ...overSmallLink("gateway", "dnat-icmp-forwarded.nft", { ...published, file: bothWork, beyond: bothWork }),
];

type Over = Pick<Case, "ipv4" | "ipv6">;

/** What becomes of a file that the client fetches, of one that it sends, and of the first with a router in between. */
function overSmallLink(
  on: Place,
  file: string,
  outcomes: Pick<Ruleset, "interfaces" | "connectTo"> & { file?: Over; upload?: Over; beyond?: Over },
): Case[] {
  const { interfaces, connectTo } = outcomes;
  const ruleset = { on, files: [file], mtu: 1300, interfaces, connectTo };
  return [
    ...(outcomes.file ? [{ ...ruleset, ...outcomes.file }] : []),
    ...(outcomes.upload ? [{ ...ruleset, upload: true, ...outcomes.upload }] : []),
    ...(outcomes.beyond
      ? [{ ...ruleset, interfaces: { ...behindRouter, ...interfaces }, ...outcomes.beyond }]
      : []),
  ];
}

/** The rules open other passive ports than the server's configuration names: they are made the same. */
const differentRanges: readonly Case[] = [
  differing({ failureMode: "05-wrong-passive-range", files: ["faulty.nft"] }, bothPassiveBlocked),
  differing({ failureMode: "05-wrong-passive-range", files: ["faulty.rules.v4"] }, ipv4PassiveBlocked),
  differing({ files: ["range-in-multiport.rules.v4"] }, ipv4PassiveBlocked),
  differing({ files: ["range-in-variable.sh"] }, ipv4PassiveBlocked),
  differing({ files: ["range-in-define.nft"] }, bothPassiveBlocked),
  differing({ files: ["range-in-set.nft"] }, bothPassiveBlocked),
  differing(
    { on: "gateway", ...published, failureMode: "35-published-range-wrong", files: ["faulty.nft"] },
    bothPassiveBlocked,
  ),
  differing(
    { on: "gateway", ...published, failureMode: "35-published-range-wrong", files: ["faulty.rules.v4"] },
    ipv4PassiveBlocked,
  ),
];

function differing(ruleset: Omit<Ruleset, "on"> & Partial<Ruleset>, outcomes: Over): Case {
  return { on: "server", configured: true, ...ruleset, ...outcomes };
}

/** What the README shows and `npm start` opens. */
const examples: readonly Case[] = [
  example("server", "broken", ["nftables.conf"], [works, blocked], [works, blocked]),
  example("server", "fixed", ["nftables.conf"]),
  example("server", "broken", ["rules.v4", "rules.v6"], [works, blocked], [works, blocked]),
  example("server", "fixed", ["rules.v4", "rules.v6"]),
  example("server", "broken", ["firewall.sh"], [works, blocked], [works, works]),
  example("server", "fixed", ["firewall.sh"]),
  example("client", "broken", ["nftables.conf"], [blocked, blocked], [blocked, blocked]),
  example("client", "fixed", ["nftables.conf"]),
  example("client", "broken", ["rules.v4", "rules.v6"], [blocked, blocked], [blocked, blocked]),
  example("client", "fixed", ["rules.v4", "rules.v6"]),
  example("client", "broken", ["firewall.sh"], [blocked, blocked], [works, works]),
  example("client", "fixed", ["firewall.sh"]),
  example("gateway", "broken", ["nftables.conf"], [blocked, blocked], [blocked, blocked]),
  example("gateway", "fixed", ["nftables.conf"]),
  {
    ...example("gateway", "broken", ["rules.v4", "rules.v6"], [blocked, blocked], [blocked, blocked]),
    ...published,
  },
  { ...example("gateway", "fixed", ["rules.v4", "rules.v6"]), ...published },
  example("gateway", "broken", ["firewall.sh"], [blocked, blocked], [works, works]),
  example("gateway", "fixed", ["firewall.sh"]),
];

function example(
  on: Place,
  which: "broken" | "fixed",
  files: readonly string[],
  ipv4: Case["ipv4"] = [works, works],
  ipv6: Case["ipv6"] = [works, works],
): Case {
  // Opening ports lets active mode through only on the server itself.
  const declines: readonly Strategy[] = which === "broken" && on !== "server" ? ["ports"] : [];
  return { on, example: which, files, declines, ipv4, ipv6 };
}

/** Every ruleset that is tried, the server's first. */
export const cases: readonly Case[] = [
  ...onServer.map((row): Case => ({ ...row, on: "server" })),
  ...onClient.map((row): Case => ({ ...row, on: "client" })),
  ...onGateway.map((row): Case => ({ ...row, on: "gateway" })),
  ...overSmallLinks,
  ...differentRanges,
  ...examples,
];
