import { type Case, published, type Ruleset } from "./cases.ts";
import type { SessionKind } from "./host.ts";
import { blocked, noControl, type Outcomes, overBoth, overIpv4, works } from "./outcomes.ts";

// FTP under TLS, through rulesets that read the control connection and through such as open ports; the names of the
// columns say what is tried. Plain FTP on the same ruleset shows what TLS changes.

interface Row extends Omit<Ruleset, "controlPort" | "session"> {
  readonly plain: Outcomes;
  /** AUTH TLS on port 21, then PROT P. */
  readonly explicit: Outcomes;
  /** TLS on port 990 from the first byte; the server's active data comes from port 20, as vsftpd's does. */
  readonly implicit?: Outcomes;
  /** The same, and the server was told to send its active data from port 989. */
  readonly implicitFrom989?: Outcomes;
  /** What opening ports repairs. */
  readonly repaired?: readonly Column[];
  /** That leaves a way in that only the helper could close, and no helper reads TLS. */
  readonly keepsHole?: boolean;
}

const closed = overBoth(noControl, noControl);
const open = overBoth(works, works);

const onServer: readonly Omit<Row, "on">[] = [
  {
    files: ["tracked.nft"],
    plain: open,
    explicit: overBoth(works, blocked),
    implicit: closed,
  },
  {
    files: ["tracked.rules.v4", "tracked.rules.v6"],
    plain: open,
    explicit: overBoth(works, blocked),
  },
  {
    files: ["output-related.nft"],
    plain: open,
    explicit: overBoth(blocked, blocked),
  },
  {
    files: ["only-21.nft"],
    plain: overBoth(works, blocked),
    explicit: overBoth(works, blocked),
    repaired: ["explicit"],
  },
  {
    files: ["tcp-range.nft"],
    plain: open,
    explicit: open,
  },
  {
    files: ["multiport-range.rules.v4"],
    plain: open,
    explicit: open,
  },
  {
    files: ["ftps-range.nft"],
    plain: open,
    explicit: open,
    implicit: open,
    implicitFrom989: open,
  },
  {
    files: ["ftps-range.rules.v4", "ftps-range.rules.v6"],
    plain: open,
    explicit: open,
    implicit: open,
    implicitFrom989: overBoth(blocked, works),
  },
  {
    files: ["ftps-20-out.nft"],
    plain: open,
    explicit: open,
    implicit: open,
    implicitFrom989: overBoth(blocked, works),
    repaired: ["implicitFrom989"],
  },
  {
    files: ["ftps-989-out.nft"],
    plain: overBoth(blocked, works),
    explicit: overBoth(blocked, works),
    implicit: overBoth(blocked, works),
    implicitFrom989: open,
    repaired: ["explicit"],
  },
  {
    files: ["ftps-989-inbound.rules.v4"],
    plain: overIpv4(works, blocked),
    explicit: overIpv4(works, blocked),
    implicit: overIpv4(works, blocked),
    implicitFrom989: overIpv4(works, blocked),
    repaired: ["explicit", "implicitFrom989"],
  },
  {
    files: ["ftps-helper-on-990.nft"],
    plain: open,
    explicit: overBoth(works, blocked),
    implicit: overBoth(works, blocked),
    implicitFrom989: overBoth(works, blocked),
    repaired: ["explicit", "implicitFrom989"],
  },
];

const onClient: readonly Omit<Row, "on">[] = [
  {
    files: ["workstation.nft"],
    plain: overBoth(blocked, works),
    explicit: overBoth(blocked, works),
    implicit: overBoth(blocked, works),
  },
  {
    files: ["workstation-tracked.nft"],
    plain: open,
    explicit: overBoth(blocked, works),
    implicit: overBoth(blocked, works),
  },
  {
    files: ["closed-tracked.nft"],
    plain: open,
    explicit: overBoth(blocked, blocked),
    implicit: closed,
  },
  {
    files: ["tracked.rules.v4", "tracked.rules.v6"],
    plain: open,
    explicit: overBoth(blocked, blocked),
  },
  {
    files: ["ftps-ports-out.nft"],
    plain: overBoth(blocked, works),
    explicit: overBoth(blocked, works),
    implicit: overBoth(blocked, works),
  },
  {
    files: ["ftps-source-ports.nft"],
    plain: overBoth(works, blocked),
    explicit: overBoth(works, blocked),
    implicit: overBoth(works, blocked),
    implicitFrom989: overBoth(works, blocked),
    repaired: ["implicitFrom989"],
    keepsHole: true,
  },
];

const onGateway: readonly Omit<Row, "on">[] = [
  {
    files: ["routed-tracked.nft"],
    plain: open,
    explicit: overBoth(blocked, blocked),
  },
  {
    files: ["ftps-routed.nft"],
    plain: open,
    explicit: open,
    implicit: open,
    implicitFrom989: open,
  },
  {
    files: ["masquerade-tracked.nft"],
    plain: open,
    explicit: overBoth(blocked, works),
    implicit: overBoth(blocked, works),
  },
  {
    files: ["dnat-tracked.nft"],
    ...published,
    plain: open,
    explicit: overBoth(blocked, blocked),
  },
  {
    files: ["dnat-21-and-range.nft"],
    ...published,
    plain: { ipv4: [blocked, works], ipv6: [blocked, blocked] },
    explicit: { ipv4: [blocked, works], ipv6: [blocked, blocked] },
  },
  {
    files: ["ftps-published.nft"],
    ...published,
    plain: open,
    explicit: open,
    implicit: open,
    implicitFrom989: open,
  },
  {
    files: ["published-server.rules.v4"],
    ...published,
    plain: overIpv4(blocked, works),
    explicit: overIpv4(blocked, works),
    implicit: overIpv4(noControl, noControl),
  },
];

const columns: ReadonlyArray<{ name: Column; controlPort: number; session?: SessionKind }> = [
  { name: "plain", controlPort: 21 },
  { name: "explicit", controlPort: 21, session: { tls: "explicit" } },
  { name: "implicit", controlPort: 990, session: { tls: "implicit", dataPort: 20 } },
  { name: "implicitFrom989", controlPort: 990, session: { tls: "implicit", dataPort: 989 } },
];
type Column = "plain" | "explicit" | "implicit" | "implicitFrom989";

/** One ruleset with one kind of session. */
export type TlsCase = Case & { readonly column: Column };

export const tlsCases: readonly TlsCase[] = [
  ...onServer.flatMap((row) => casesOf({ ...row, on: "server" })),
  ...onClient.flatMap((row) => casesOf({ ...row, on: "client" })),
  ...onGateway.flatMap((row) => casesOf({ ...row, on: "gateway" })),
];

function casesOf(row: Row): TlsCase[] {
  const { plain, explicit, implicit, implicitFrom989, repaired = [], keepsHole = false, ...ruleset } = row;
  const outcomes = { plain, explicit, implicit, implicitFrom989 };
  return columns.flatMap(({ name, controlPort, session }) => {
    const expected = outcomes[name];
    if (expected === undefined) return [];
    const fixes = repaired.includes(name) ? fixesOf(name, keepsHole) : { strategies: [] };
    return [{ ...ruleset, ...expected, ...fixes, column: name, controlPort, session }];
  });
}

function fixesOf(column: Column, keepsHole: boolean): Pick<Case, "strategies" | "declines"> {
  // A text that opens port 990 is about TLS; one that opens port 21 is about plain FTP as far as one can see.
  if (column === "explicit") return { strategies: ["ports"] };
  return { declines: keepsHole ? ["helper", "ports"] : ["helper"] };
}
