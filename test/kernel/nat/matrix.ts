import { parseV4 } from "../../../server/src/model/values.ts";
import type { SessionKind } from "../host.ts";
import {
  type Addresses,
  type GatewayInterfaces,
  gatewayAddress,
  publicAddress,
  serverAddress,
  strangerAddress,
} from "../rig/topology.ts";
import type { Accepted, Filter, HelperRule, NatRule, Translation } from "./description.ts";
import { type Group, type Trial, trialsOf } from "./trial.ts";

function helperAt(hook: HelperRule["hook"], port = 21, priority?: number): HelperRule {
  return { hook, port, priority };
}

function forward(...accepts: readonly Accepted[]): Filter {
  return { hook: "forward", accepts };
}

const answers: readonly Accepted[] = ["established", "related"];

/** Many hosts behind one: a client inside dials a server outside. */
const outwards: readonly Trial[] = Object.entries<Translation | undefined>({
  routed: undefined,
  masquerade: { kind: "masquerade" },
  "masquerade to random ports": { kind: "masquerade", random: true },
  "masquerade to ports": { kind: "masquerade", ports: "30000-30999" },
  snat: { kind: "snat", address: gatewayAddress.server },
  "snat to another address": { kind: "snat", address: publicAddress },
  "snat to ports": { kind: "snat", address: gatewayAddress.server, ports: "30000-30999" },
  "snat to two addresses": {
    kind: "snat",
    address: { ipv4: "203.0.113.2-203.0.113.3", ipv6: "2001:db8::2-2001:db8::3" },
  },
  "masquerade of port 21 alone": { kind: "masquerade" },
  "netmap of sources": {
    kind: "netmap",
    from: { ipv4: "10.1.0.0/24", ipv6: "fd01::/64" },
    to: { ipv4: "203.0.113.0/24", ipv6: "2001:db8::/64" },
  },
}).flatMap(([kind, becomes]) =>
  trialsOf({
    kind,
    on: "gateway",
    nat: becomes
      ? [{ hook: "postrouting", out: "wan0", port: kind.endsWith("alone") ? "21" : undefined, becomes }]
      : [],
    helpers: {
      "no helper": undefined,
      helper: helperAt("prerouting"),
      "helper in output": helperAt("output"),
      "helper in forward": helperAt("forward"),
    },
    filters: {
      "all forwarded": undefined,
      "inside may go out": forward(...answers, { in: "lan0" }),
      "inside may dial 21": forward(...answers, { in: "lan0", ports: ["21"] }),
    },
  }),
);

const serverInside: GatewayInterfaces = { client: "wan0", server: "lan0" };
const outside = gatewayAddress.client;
const dialed21 = { hook: "prerouting", in: "wan0", port: "21" } as const;
const dialed2121 = { hook: "prerouting", in: "wan0", port: "2121" } as const;
const passivePorts = "50000-50100";
const toServer: Translation = { kind: "dnat", address: serverAddress };
const toServersPort: Translation = { kind: "dnat", address: serverAddress, ports: "21" };

/** A server inside which clients outside know by an address of the gateway. */
const published = {
  on: "gateway",
  interfaces: serverInside,
  connectTo: outside,
  helpers: { "no helper": undefined, helper: helperAt("prerouting") },
  filters: {
    "all forwarded": undefined,
    "21 forwarded": forward(...answers, { in: "wan0", destination: serverAddress, ports: ["21"] }),
    // Active data that the helper expects comes from inside: its source alone is translated.
    "translated forwarded": forward("established", "translated"),
    "translated and related forwarded": forward(...answers, "translated"),
    "21 forwarded, inside may go out": forward(...answers, { ports: ["21"] }, { in: "lan0" }),
  },
} as const satisfies Partial<Group>;

/** The same with a port of its own outside. */
const published2121 = {
  ...published,
  controlPort: 2121,
  helpers: { "no helper": undefined, "helper for the public port": helperAt("prerouting", 2121) },
  filters: { ...published.filters, "2121 originally": forward(...answers, { originalPort: "2121" }) },
} as const satisfies Partial<Group>;

const inwards: readonly Trial[] = [
  ...trialsOf({ ...published, kind: "nothing translated", shows: ["no-control"], nat: [] }),
  ...trialsOf({ ...published, kind: "dnat", nat: [{ ...dialed21, becomes: toServer }] }),
  ...trialsOf({
    ...published,
    kind: "dnat of an address",
    connectTo: publicAddress,
    nat: [{ hook: "prerouting", destination: publicAddress, becomes: toServer }],
  }),
  ...trialsOf({
    ...published,
    kind: "dnat and masquerade",
    nat: [
      { ...dialed21, becomes: toServer },
      { hook: "postrouting", out: "lan0", becomes: { kind: "masquerade" } },
    ],
  }),
  ...trialsOf({
    ...published,
    kind: "dnat, and masquerade of port 21 alone",
    nat: [
      { ...dialed21, becomes: toServer },
      { ...dialed21, port: passivePorts, becomes: toServer },
      { hook: "postrouting", out: "lan0", port: "21", becomes: { kind: "masquerade" } },
    ],
  }),
  ...trialsOf({
    ...published,
    kind: "dnat of what is local",
    nat: [{ hook: "prerouting", port: "21", local: true, becomes: toServer }],
  }),
  ...trialsOf({
    ...published,
    kind: "dnat of another address",
    shows: ["no-control"],
    nat: [{ ...dialed21, destination: publicAddress, becomes: toServer }],
  }),
  ...trialsOf({
    ...published,
    kind: "dnat of a range to another",
    nat: [
      { ...dialed21, becomes: toServer },
      { ...dialed21, port: "30000-30100", becomes: { ...toServersPort, ports: passivePorts, base: 30000 } },
    ],
    dialects: ["iptables"],
  }),
  ...trialsOf({
    ...published,
    kind: "dnat, and snat of the server",
    nat: [
      { ...dialed21, becomes: toServer },
      {
        hook: "postrouting",
        out: "wan0",
        source: serverAddress,
        becomes: { kind: "snat", address: outside },
      },
    ],
  }),
  ...trialsOf({
    ...published,
    kind: "dnat of the range, too",
    nat: [
      { ...dialed21, becomes: toServer },
      { ...dialed21, port: passivePorts, becomes: toServer },
    ],
    filters: {
      ...published.filters,
      "range forwarded": forward(...answers, { destination: serverAddress, ports: ["21", passivePorts] }),
    },
  }),
  ...trialsOf({
    ...published,
    kind: "netmap",
    connectTo: publicAddress,
    nat: [
      {
        hook: "prerouting",
        becomes: {
          kind: "netmap",
          from: { ipv4: "203.0.113.0/24", ipv6: "2001:db8::/64" },
          to: { ipv4: "10.2.0.0/24", ipv6: "fd02::/64" },
        },
      },
    ],
  }),
  ...trialsOf({
    ...published,
    kind: "redirect on the gateway",
    shows: ["no-control"],
    nat: [{ ...dialed21, becomes: { kind: "redirect", ports: "21" } }],
  }),
  ...trialsOf({
    ...published2121,
    kind: "dnat to another port",
    nat: [{ ...dialed2121, becomes: toServersPort }],
  }),
  // The range has the dialled port in it, so that it stays.
  ...trialsOf({
    ...published2121,
    kind: "dnat to a range with the port",
    nat: [{ ...dialed2121, becomes: { ...toServersPort, ports: "2120-2125" } }],
    filters: { "all forwarded": undefined, "2121 forwarded": forward(...answers, { ports: ["2121"] }) },
  }),
  // Its first port is taken, if that is free.
  ...trialsOf({
    ...published2121,
    kind: "dnat to a range of ports",
    nat: [{ ...dialed2121, becomes: { ...toServersPort, ports: "21-22" } }],
    filters: { "all forwarded": undefined },
  }),
  ...trialsOf({
    ...published,
    // The kernel takes one by a hash of both ends: over IPv4 it happens to be the server, over IPv6 it does not.
    kind: "dnat to two addresses",
    shows: ["works", "blocked", "no-control"],
    unknown: "address",
    nat: [
      {
        ...dialed21,
        becomes: {
          kind: "dnat",
          address: { ipv4: `${serverAddress.ipv4}-10.2.0.3`, ipv6: `${serverAddress.ipv6}-fd02::3` },
        },
      },
    ],
    filters: { "all forwarded": undefined },
  }),
  ...trialsOf({
    ...published2121,
    kind: "dnat with shifted ports",
    dialects: ["iptables"],
    nat: [
      {
        ...dialed2121,
        port: "2120-2125",
        becomes: { kind: "dnat", address: serverAddress, ports: "20-25", base: 2120 },
      },
    ],
  }),
  ...Object.entries({
    "a map of ports": {
      ipv4: `iifname "wan0" dnat to tcp dport map { 2121 : ${serverAddress.ipv4} . 21, 80 : 10.2.0.3 . 8080 }`,
      ipv6: `iifname "wan0" dnat to tcp dport map { 2121 : ${serverAddress.ipv6} . 21, 80 : fd02::3 . 8080 }`,
    },
    "a named map": {
      needs: {
        ipv4: `map services { type inet_service : ipv4_addr . inet_service; elements = { 2121 : ${serverAddress.ipv4} . 21 }; }`,
        ipv6: `map services { type inet_service : ipv6_addr . inet_service; elements = { 2121 : ${serverAddress.ipv6} . 21 }; }`,
      },
      ipv4: "dnat ip addr . port to tcp dport map @services",
      ipv6: "dnat ip6 addr . port to tcp dport map @services",
    },
    "a map of ports beside the address": {
      ipv4: `iifname "wan0" tcp dport { 2121, 2122 } dnat to ${serverAddress.ipv4}:tcp dport map { 2121 : 21, 2122 : 22 }`,
      ipv6: `iifname "wan0" tcp dport { 2121, 2122 } dnat to [${serverAddress.ipv6}]:tcp dport map { 2121 : 21, 2122 : 22 }`,
    },
    "a map of addresses and ports": {
      ipv4: `dnat ip addr . port to ip daddr . tcp dport map { ${outside.ipv4} . 2121 : ${serverAddress.ipv4} . 21 }`,
      ipv6: `dnat ip6 addr . port to ip6 daddr . tcp dport map { ${outside.ipv6} . 2121 : ${serverAddress.ipv6} . 21 }`,
    },
  }).flatMap(([name, rule]) =>
    trialsOf({
      ...published2121,
      kind: `dnat by ${name}`,
      dialects: ["nft"],
      nat: [{ hook: "prerouting", becomes: { kind: "written", ...rule } }],
    }),
  ),
  ...Object.entries({
    "a map of addresses": {
      ipv4: `dnat to ip daddr map { ${outside.ipv4} : ${serverAddress.ipv4}, 10.1.0.9 : 10.2.0.9 }`,
      ipv6: `dnat to ip6 daddr map { ${outside.ipv6} : ${serverAddress.ipv6}, fd01::9 : fd02::9 }`,
    },
    "a map of ports to addresses": {
      ipv4: `iifname "wan0" dnat to tcp dport map { 21 : ${serverAddress.ipv4}, 80 : 10.2.0.3 }`,
      ipv6: `iifname "wan0" dnat to tcp dport map { 21 : ${serverAddress.ipv6}, 80 : fd02::3 }`,
    },
  }).flatMap(([name, rule]) =>
    trialsOf({
      ...published,
      kind: `dnat by ${name}`,
      dialects: ["nft"],
      nat: [{ hook: "prerouting", becomes: { kind: "written", ...rule } }],
    }),
  ),
  ...trialsOf({
    ...published,
    kind: "netmap by a map",
    dialects: ["nft"],
    connectTo: publicAddress,
    nat: [
      {
        hook: "prerouting",
        becomes: {
          kind: "written",
          ipv4: "dnat prefix to ip daddr map { 203.0.113.0/24 : 10.2.0.0/24 }",
          ipv6: "dnat prefix to ip6 daddr map { 2001:db8::/64 : fd02::/64 }",
        },
      },
    ],
  }),
];

/**
 * Where the helper is assigned, and for which port: before dstnat packets have the public one, after it the inner. At
 * -100 itself the chain that is registered last comes first.
 */
const helperPlaces: readonly Trial[] = trialsOf({
  ...published2121,
  kind: "dnat to another port, helper",
  shows: ["works", "blocked", "no-control"],
  nat: [{ ...dialed2121, becomes: toServersPort }],
  helpers: Object.fromEntries(
    [2121, 21].flatMap((port) => [
      [`${port} at -300`, helperAt("prerouting", port, -300)],
      [`${port} in raw or at -150`, helperAt("prerouting", port)],
      [`${port} at -100`, helperAt("prerouting", port, -100)],
      [`${port} at 0`, helperAt("prerouting", port, 0)],
      [`${port} in forward`, helperAt("forward", port)],
      [`${port} originally, at -150`, { ...helperAt("prerouting", port, -150), originally: true }],
      [`${port} originally, at 0`, { ...helperAt("prerouting", port, 0), originally: true }],
      [`${port} originally, in forward`, { ...helperAt("forward", port), originally: true }],
    ]),
  ),
  filters: {
    "21 forwarded": forward(...answers, { ports: ["21"] }),
    "2121 forwarded": forward(...answers, { ports: ["2121"] }),
  },
});

function input(...accepts: readonly Accepted[]): Filter {
  return { hook: "input", accepts };
}

/** On the server itself. */
const onServer: readonly Trial[] = [
  ...trialsOf({
    kind: "redirect on the server",
    shows: ["works", "blocked", "no-control"],
    on: "server",
    controlPort: 2121,
    nat: [{ hook: "prerouting", port: "2121", becomes: { kind: "redirect", ports: "21" } }],
    helpers: {
      "no helper": undefined,
      "helper for the public port": helperAt("prerouting", 2121),
      "helper for the inner port": helperAt("prerouting", 21),
      "helper for the inner port at 0": helperAt("prerouting", 21, 0),
      "helper for the inner port in input": helperAt("input", 21),
    },
    filters: {
      "all let in": undefined,
      "21 let in": input(...answers, { ports: ["21"] }),
      "2121 let in": input(...answers, { ports: ["2121"] }),
      "21 and range let in": input("established", { ports: ["21", passivePorts] }),
    },
  }),
  ...trialsOf({
    kind: "redirect by a map on the server",
    on: "server",
    controlPort: 2121,
    dialects: ["nft"],
    nat: [
      {
        hook: "prerouting",
        becomes: {
          kind: "written",
          ipv4: "meta l4proto tcp redirect to :tcp dport map { 2121 : 21, 8080 : 80 }",
          ipv6: "meta l4proto tcp redirect to :tcp dport map { 2121 : 21, 8080 : 80 }",
        },
      },
    ],
    helpers: { "no helper": undefined, "helper for the public port": helperAt("prerouting", 2121) },
    filters: { "all let in": undefined, "21 let in": input(...answers, { ports: ["21"] }) },
  }),
  ...trialsOf({
    kind: "dnat on the server",
    on: "server",
    connectTo: strangerAddress.server,
    nat: [{ hook: "prerouting", destination: strangerAddress.server, port: "21", becomes: toServer }],
    helpers: { "no helper": undefined, helper: helperAt("prerouting") },
    filters: { "all let in": undefined, "21 let in": input(...answers, { ports: ["21"] }) },
  }),
  // Without the helper control and data come from different hosts, as the server sees it, and it refuses (425).
  ...trialsOf({
    kind: "snat on the server",
    on: "server",
    nat: [
      { hook: "postrouting", out: "eth0", becomes: { kind: "snat", address: strangerAddress.server } },
      { hook: "input", port: "21", becomes: { kind: "snat", address: strangerAddress.client } },
    ],
    helpers: { "no helper": undefined, helper: helperAt("prerouting") },
    filters: { "all let in": undefined, "21 let in": input(...answers, { ports: ["21"] }) },
  }),
];

/** On the client itself. */
const onClient: readonly Trial[] = [
  ...Object.entries<Partial<Group> & { nat: readonly NatRule[] }>({
    // What the host sends itself has the address already, so that active mode needs no helper for it.
    "masquerade on the client": {
      nat: [{ hook: "postrouting", out: "eth0", becomes: { kind: "masquerade" } }],
    },
    "snat on the client": {
      nat: [{ hook: "postrouting", out: "eth0", becomes: { kind: "snat", address: strangerAddress.client } }],
    },
    "dnat on the client": {
      connectTo: publicAddress,
      nat: [{ hook: "output", destination: publicAddress, port: "21", becomes: toServer }],
    },
    "dnat to another port on the client": {
      controlPort: 2121,
      nat: [{ hook: "output", port: "2121", becomes: { kind: "dnat", ports: "21" } }],
    },
    "redirect on the client": {
      shows: ["no-control"],
      nat: [{ hook: "output", port: "21", becomes: { kind: "redirect", ports: "21" } }],
    },
  }).flatMap(([kind, group]) =>
    trialsOf({
      ...group,
      kind,
      on: "client",
      helpers: {
        "no helper": undefined,
        helper: helperAt("output", group.controlPort),
        "helper at 0": helperAt("output", 21, 0),
      },
      filters: { "all let in": undefined, "answers let in": input(...answers) },
    }),
  ),
];

/** Client and server are on the same network, and the client dials the gateway's other address. */
const hairpin: readonly Trial[] = Object.entries<readonly NatRule[]>({
  "hairpin without snat": [],
  "hairpin with masquerade": [{ hook: "postrouting", out: "lan0", becomes: { kind: "masquerade" } }],
  "hairpin with masquerade of what was translated": [
    { hook: "postrouting", translated: true, becomes: { kind: "masquerade" } },
  ],
  "hairpin with masquerade of port 21 alone": [
    { hook: "postrouting", out: "lan0", port: "21", becomes: { kind: "masquerade" } },
  ],
  "hairpin with snat towards the server": [
    {
      hook: "postrouting",
      source: { ipv4: "10.0.0.0/8", ipv6: "fd00::/8" },
      destination: serverAddress,
      becomes: { kind: "snat", address: publicAddress },
    },
  ],
}).flatMap(([kind, sourceRules]) =>
  trialsOf({
    kind,
    shows: sourceRules.length > 0 ? ["works", "blocked"] : ["no-control"],
    on: "gateway",
    interfaces: { client: "lan0", server: "lan0" },
    connectTo: publicAddress,
    nat: [
      { hook: "prerouting", destination: publicAddress, port: "21", becomes: toServer },
      { hook: "prerouting", destination: publicAddress, port: passivePorts, becomes: toServer },
      ...sourceRules,
    ],
    helpers: { "no helper": undefined, helper: helperAt("prerouting") },
    filters: {
      "all forwarded": undefined,
      "21 forwarded": forward(...answers, { destination: serverAddress, ports: ["21"] }),
      "range forwarded": forward(...answers, { destination: serverAddress, ports: ["21", passivePorts] }),
    },
  }),
);

/**
 * The address in 227, and commands that name none. What is followed to the server's own address goes through the
 * gateway untranslated; to any other, a rule that translates ports alone still sends it to the server.
 */
function sessionsThrough(dialed: Addresses): Readonly<Record<string, SessionKind>> {
  const public4 = parseV4(dialed.ipv4);
  const other4 = parseV4("198.51.100.7");
  return {
    "227 is followed": { pasvAddress: "follow" },
    "EPRT and EPSV": { commands: "extended" },
    "the public address is announced": { announced: { 4: public4 } },
    "the public address is announced and followed": { announced: { 4: public4 }, pasvAddress: "follow" },
    "a foreign address is announced": { announced: { 4: other4 } },
    "a foreign address is announced and followed": { announced: { 4: other4 }, pasvAddress: "follow" },
  };
}

const sessions: readonly Trial[] = [
  ...trialsOf({
    ...published,
    kind: "dnat, other sessions",
    nat: [{ ...dialed21, becomes: toServer }],
    filters: {
      "all forwarded": undefined,
      "21 forwarded": forward(...answers, { destination: serverAddress, ports: ["21"] }),
    },
    sessions: sessionsThrough(outside),
  }),
  ...trialsOf({
    ...published,
    kind: "dnat of the range, too, other sessions",
    nat: [
      { ...dialed21, becomes: toServer },
      { ...dialed21, port: passivePorts, becomes: toServer },
    ],
    filters: {
      "all forwarded": undefined,
      "range forwarded": forward(...answers, { destination: serverAddress, ports: ["21", passivePorts] }),
    },
    sessions: sessionsThrough(outside),
  }),
  ...trialsOf({
    kind: "masquerade, other sessions",
    on: "gateway",
    nat: [{ hook: "postrouting", out: "wan0", becomes: { kind: "masquerade" } }],
    helpers: { "no helper": undefined, helper: helperAt("prerouting") },
    filters: {
      "all forwarded": undefined,
      "inside may dial 21": forward(...answers, { in: "lan0", ports: ["21"] }),
    },
    sessions: sessionsThrough(serverAddress),
  }),
  ...trialsOf({
    kind: "hairpin, other sessions",
    on: "gateway",
    interfaces: { client: "lan0", server: "lan0" },
    connectTo: publicAddress,
    nat: [
      { hook: "prerouting", destination: publicAddress, port: "21", becomes: toServer },
      { hook: "postrouting", out: "lan0", becomes: { kind: "masquerade" } },
    ],
    helpers: { "no helper": undefined, helper: helperAt("prerouting") },
    filters: {
      "all forwarded": undefined,
      "21 forwarded": forward(...answers, { destination: serverAddress, ports: ["21"] }),
    },
    sessions: sessionsThrough(publicAddress),
  }),
];

export const trials: readonly Trial[] = [
  ...outwards,
  ...inwards,
  ...helperPlaces,
  ...onServer,
  ...onClient,
  ...hairpin,
  ...sessions,
];
