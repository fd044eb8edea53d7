import type { Case, Ruleset } from "./cases.ts";
import { blocked, noControl, type Outcomes, overBoth, overIpv4, works } from "./outcomes.ts";
import { gatewayAddress, type Place } from "./rig/topology.ts";

// Scripts as administrators write them, in `scripts/<on>/`, and what the kernel was seen to do when they had run.

type Row = readonly [name: string, outcomes: Outcomes, rest?: Partial<Case>];

const started: Partial<Case> = { arguments: ["start"] };
const opensControl: Partial<Case> = { opensControl: true };
/** Opening ports is no way for active mode but on the server itself. */
const helperAlone: Partial<Case> = { declines: ["ports"] };
/** The client dials the gateway, which sends it on over IPv4. */
const published: Partial<Ruleset> = { connectTo: gatewayAddress.client };

const overIpv4Alone = (ipv4: Case["ipv4"]): Outcomes => ({ ipv4, ipv6: [noControl, noControl] });

const onServer: readonly Row[] = [
  ["allow-tcp.sh", overIpv4(works, blocked)],
  ["and-list.sh", overIpv4(works, blocked)],
  ["appended-too-late.sh", overIpv4(noControl, noControl), opensControl],
  // Port 990 is for implicit TLS, which no helper can read.
  ["arrays.sh", overIpv4(works, blocked), { declines: ["helper"] }],
  ["both-programs.sh", overBoth(works, blocked)],
  ["conditional.sh", overIpv4(works, blocked)],
  ["chain-per-service.sh", overIpv4(works, blocked)],
  ["check-or-add.sh", overIpv4(works, blocked)],
  ["eval-commands.sh", overIpv4(works, blocked)],
  ["fw-function.sh", overBoth(works, blocked)],
  ["init-script.sh", overIpv4(works, blocked), started],
  ["ipv6-forgotten.sh", { ipv4: [works, works], ipv6: [works, blocked] }],
  ["log-and-drop.sh", overIpv4(works, blocked)],
  ["never-called.sh", overIpv4(works, blocked)],
  ["nft-by-command.sh", overBoth(works, blocked)],
  ["nft-heredoc.sh", overBoth(works, blocked)],
  ["one-line.sh", overIpv4(works, blocked)],
  ["passive-range-open.sh", overBoth(works, works)],
  ["restore-heredoc.sh", overIpv4(works, blocked)],
  ["restore-temporary-file.sh", overIpv4(works, blocked)],
  ["run-wrapper.sh", overIpv4(works, blocked)],
  ["services-in-a-loop.sh", overIpv4(works, blocked)],
  ["strict-both-ways.sh", overIpv4(blocked, blocked)],
  ["switched-services.sh", { ipv4: [works, blocked], ipv6: [noControl, noControl] }],
  ["table-of-services.sh", overIpv4(works, blocked)],
  ["tracked-in-main.sh", overBoth(works, works)],
  ["wrapper-that-exits.sh", overBoth(works, blocked)],
];

const onClient: readonly Row[] = [
  ["add-twice.sh", overIpv4(blocked, blocked), helperAlone],
  ["allow-out.sh", overIpv4(blocked, blocked), helperAlone],
  ["backticks.sh", overIpv4(blocked, blocked), helperAlone],
  ["desktop.sh", overIpv4(blocked, works), helperAlone],
  ["helper-narrow.sh", overIpv4(works, works)],
  ["ipv6-only-open.sh", overIpv4(blocked, works), helperAlone],
  ["limited-out.sh", overIpv4(blocked, blocked), helperAlone],
  ["main-function.sh", overIpv4(blocked, blocked), helperAlone],
  ["nft-commands.sh", overBoth(blocked, blocked), helperAlone],
  ["nft-helper-right.sh", overBoth(works, works)],
  ["nft-workstation.sh", overBoth(blocked, blocked), helperAlone],
  ["no-related-out.sh", overIpv4(works, blocked)],
  ["passive-only.sh", overIpv4(blocked, works), helperAlone],
  ["port-20-rule.sh", overIpv4(works, works), helperAlone],
  ["reject-politely.sh", overIpv4(blocked, blocked), helperAlone],
  ["restore-both.sh", overIpv4(blocked, blocked), helperAlone],
  ["start-stop-case.sh", overIpv4(blocked, blocked), { ...started, ...helperAlone }],
  ["tracked-output.sh", overBoth(works, works)],
  ["two-on-a-line.sh", overIpv4(blocked, blocked), helperAlone],
  ["networks.sh", overIpv4(works, blocked)],
];

const onGateway: readonly Row[] = [
  ["drop-in-the-middle.sh", overIpv4(noControl, noControl), { ...opensControl, ...helperAlone }],
  ["hosts-in-a-file.sh", overIpv4(blocked, blocked), helperAlone],
  ["hosts-in-a-loop.sh", overIpv4(blocked, blocked), helperAlone],
  ["if-tree.sh", overIpv4(blocked, blocked), helperAlone],
  ["inbound-in-input.sh", overBoth(noControl, noControl), { ...published, ...opensControl, ...helperAlone }],
  ["insert-on-top.sh", overIpv4(blocked, blocked), helperAlone],
  ["lan-to-dmz.sh", overIpv4(blocked, blocked), helperAlone],
  ["masquerade.sh", overIpv4(blocked, blocked), helperAlone],
  ["nft-commands-router.sh", overIpv4(blocked, blocked), helperAlone],
  ["nft-router.sh", overBoth(blocked, blocked), helperAlone],
  ["piped-restore.sh", overIpv4(blocked, blocked), helperAlone],
  ["publish.sh", overIpv4Alone([blocked, blocked]), { ...published, ...helperAlone }],
  ["published-tracked.sh", overIpv4Alone([works, works]), published],
  ["restore-dnat.sh", overIpv4Alone([blocked, blocked]), { ...published, ...helperAlone }],
  ["routed-range.sh", overBoth(blocked, works), helperAlone],
  ["six-beside-four.sh", { ipv4: [works, works], ipv6: [blocked, blocked] }, helperAlone],
  ["start-stop-router.sh", overIpv4(blocked, blocked), { ...started, ...helperAlone }],
  ["stateless-router.sh", overIpv4(blocked, works), helperAlone],
  ["tracked-router.sh", overIpv4(works, works)],
  ["triples.sh", overIpv4Alone([blocked, blocked]), { ...published, ...helperAlone }],
  ["zone-chains.sh", overIpv4(blocked, blocked), helperAlone],
];

export const scripts: readonly Case[] = [
  ...casesOf("server", onServer),
  ...casesOf("client", onClient),
  ...casesOf("gateway", onGateway),
];

function casesOf(on: Place, rows: readonly Row[]): Case[] {
  return rows.map(([name, outcomes, rest]) => ({ on, files: [name], isScript: true, ...outcomes, ...rest }));
}
