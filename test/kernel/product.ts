// The only place where the kernel's tests call the product.

import type { SimulatedSession } from "../../server/src/ftp/simulate.ts";
import { formatV4, numbers, parseV4, parseV6 } from "../../server/src/model/values.ts";
import {
  type Analysis,
  type ConfigFile,
  DEFAULT_SETTINGS,
  Service,
  type SessionCase,
  type Settings,
  type SourceFile,
} from "../../server/src/service.ts";
import type { Strategy } from "./cases.ts";
import type { Host } from "./host.ts";
import { passivePort } from "./rig/ftp-server.ts";
import type { RulesetFile } from "./rig/ruleset-loader.ts";
import { bySession, type Outcome, type SessionName } from "./rig/sessions.ts";
import { type Addresses, clientAddress, clientPorts, serverAddress } from "./rig/topology.ts";

export interface Verdict {
  readonly verdict: Outcome | "unknown";
  readonly reason?: string;
}

export interface FixResult {
  /** The files after the fix, in the same order. */
  readonly files: readonly RulesetFile[];
  /** Why something could not be repaired; empty where everything was. */
  readonly declined: string;
}

export type { SimulatedSession };

const service = new Service();
const range = numbers(passivePort);

/** What the simulator says of each session. */
export function simulate(host: Host): Record<SessionName, Verdict> {
  const { sessions } = service.simulate(sources(host), {
    role: host.on,
    client: parsedAddresses(clientAddress),
    clientPorts: numbers(clientPorts.first, clientPorts.last),
    server: parsedAddresses(serverAddress),
    connectTo: parsedAddresses(host.connectTo),
    controlPort: host.controlPort,
    dataPort: 20,
    passivePorts: range,
    ...interfacesOf(host),
    ...host.session,
  });
  const verdictOf = (name: SessionName): Verdict => {
    const [mode, family] = [name.slice(0, -1), Number(name.slice(-1))];
    const session = sessions.find((one) => one.mode === mode && one.family === family);
    if (session === undefined) throw new Error(`the simulator says nothing of ${name}`);
    return { verdict: session.verdict.verdict, reason: session.verdict.reason };
  };
  return {
    active4: verdictOf("active4"),
    passive4: verdictOf("passive4"),
    active6: verdictOf("active6"),
    passive6: verdictOf("passive6"),
  };
}

/** The simulator's sessions for every client and every port that the peers name: active and passive, over IPv4 and IPv6. */
export function simulateAnyone(host: Host): SimulatedSession[] {
  const { on: role, controlPort } = host;
  const common = { role, server: parsedAddresses(serverAddress), controlPort, ...interfacesOf(host) };
  const files = sources(host);
  const handedOut = numbers(clientPorts.first, clientPorts.last);
  return [
    ...service.simulate(files, { ...common, modes: ["passive"], clientPorts: handedOut }).sessions,
    // A port that no server names leaves all others to connect from.
    ...service.simulate(files, { ...common, modes: ["active"], dataPort: "any", passivePorts: numbers(0) })
      .sessions,
  ];
}

/** What the product says of why a ruleset does not load. */
export function refusals(host: Host): string[] {
  const { diagnostics } = service.analyse(sources(host));
  return diagnostics.filter(({ refused }) => refused).map(({ code, message }) => `${code}: ${message}`);
}

function settingsOf({ switchedOn = [] }: Host): Settings {
  return { ...DEFAULT_SETTINGS, checks: Object.fromEntries(switchedOn.map((code) => [code, "hint"])) };
}

/** The codes of everything that `check` reports. */
export function findings(host: Host): string[] {
  const settings = settingsOf(host);
  const { diagnostics } = service.analyse(sources(host), { settings, serverFiles: serverFiles(host) });
  return diagnostics.map(({ code }) => code);
}

/** Findings that a fix has to repair or decline; those about the control connection are left to the author. */
const aboutData = new Set([
  "active-data-blocked",
  "passive-data-blocked",
  "helper-not-assigned",
  "helper-cannot-read-tls",
  "passive-range-mismatch",
  "path-mtu-discovery-blocked",
  "control-replies-blocked",
  "ftp-rule-unreachable",
  "high-ports-open",
  "published-control-blocked",
  "source-port-open",
]);

const aboutControl = new Set([
  "control-replies-blocked",
  "ftp-rule-unreachable",
  "published-control-blocked",
]);
const aboutHoles = new Set(["high-ports-open", "port-20-opened", "source-port-open", "udp-opened"]);

/** What the files become when everything that can be repaired by this strategy is repaired. */
export function fix(host: Host, strategy: Strategy): FixResult {
  const known = host.configured ? {} : { passivePorts: range };
  const settings = { ...settingsOf(host), ...known, roles: [host.on] };
  const result = service.fixAll(sources(host), { settings, strategy, serverFiles: serverFiles(host) });
  return {
    files: host.files.map((file, index) => ({ ...file, text: result.files[index]!.text })),
    declined: result.remaining
      .filter(({ diagnostic }) => aboutData.has(diagnostic.code))
      .map(({ diagnostic, reason }) => `${diagnostic.code}: ${reason}`)
      .join("\n"),
  };
}

/** A fix of everything that can be repaired, and what it leaves, told by the rig's sessions. */
export interface Repair {
  /** The files after the fix, in the same order. */
  readonly files: readonly RulesetFile[];
  /** Codes of what was found of data connections in the files as they came. */
  readonly found: readonly string[];
  /** A rule that was meant to let FTP in now does. */
  readonly opensControl: boolean;
  /** Rules that let in more than FTP needs do so no more. */
  readonly closes: boolean;
  readonly declined: readonly {
    readonly code: string;
    readonly reason: string;
    readonly sessions: readonly SessionName[];
  }[];
  /** Why the product says neither that a session of the fixed files passes nor that it fails. */
  readonly undecided: Readonly<Partial<Record<SessionName, string>>>;
}

/** As `fix`, for rulesets that nobody chose: what the files leave open is no failure of the fix. */
export function repair(host: Host, strategy: Strategy): Repair {
  const settings = { ...DEFAULT_SETTINGS, passivePorts: range, roles: [host.on] };
  const files = sources(host);
  const isDialled = ({ scenario }: SessionCase) => scenario.controlPort === host.controlPort;
  const before = service.analyse(files, { settings }).diagnostics;
  const found = before.filter(({ code }) => aboutData.has(code));
  const { files: fixed, remaining, analysis } = service.fixAll(files, { settings, strategy });
  const mended = new Set(before.map(({ code }) => code));
  return {
    files: host.files.map((file, index) => ({ ...file, text: fixed[index]!.text })),
    found: found.map(({ code }) => code),
    opensControl: [...mended].some((code) => aboutControl.has(code)),
    closes: [...mended].some((code) => aboutHoles.has(code)),
    declined: remaining.map(({ diagnostic, reason }) => ({
      code: diagnostic.code,
      reason,
      sessions: (diagnostic.finding?.cases ?? []).filter(isDialled).map(sessionOf),
    })),
    undecided: undecidedOf(analysis, host),
  };
}

function sessionOf({ mode, family }: SessionCase): SessionName {
  return `${mode}${family}`;
}

function undecidedOf(analysis: Analysis, { controlPort }: Host): Repair["undecided"] {
  if (analysis.incomplete !== undefined) return bySession(() => analysis.incomplete!);
  const judged = analysis.cases.filter(({ scenario }) => scenario.controlPort === controlPort);
  const reasons = bySession((name) => {
    const cases = judged.filter((one) => sessionOf(one) === name);
    if (cases.length === 0) return `no session to port ${controlPort} is judged`;
    const classes = cases.flatMap((one) => one.classes);
    const open = classes.find(({ verdict }) => verdict.verdict === "unknown");
    if (open) return open.verdict.reason ?? "no reason was given";
    const nameless = classes.some(
      ({ verdict, anchors }) => verdict.verdict === "blocked" && anchors.length === 0,
    );
    return nameless ? "no rule decides of these sessions, so that a finding has no place" : undefined;
  });
  return Object.fromEntries(Object.entries(reasons).filter(([, reason]) => reason !== undefined));
}

/** What only the server's configuration tells: the data port of implicit TLS, an address that is not its own. */
function serverFiles({ session, controlPort, configured, configuredRange }: Host): ConfigFile[] {
  const [first, last] = configuredRange ?? [passivePort, passivePort];
  const common = ["connect_from_port_20=YES", `pasv_min_port=${first}`, `pasv_max_port=${last}`];
  const file = (...lines: string[]) => [{ path: "vsftpd.conf", text: [...lines, ...common, ""].join("\n") }];
  if (session?.tls === "implicit") {
    const port = [`listen_port=${controlPort}`, `ftp_data_port=${session.dataPort ?? 20}`];
    return file("listen_ipv6=YES", "ssl_enable=YES", "implicit_ssl=YES", ...port);
  }
  const announced = session?.announced?.[4];
  if (announced !== undefined) return file("listen=YES", `pasv_address=${formatV4(announced)}`);
  const tls = session?.tls === "explicit" ? ["ssl_enable=YES"] : [];
  return configured ? file("listen_ipv6=YES", "pasv_enable=YES", ...tls) : [];
}

export function sources(host: Host): SourceFile[] {
  return host.files.map(({ kind, text }) => ({
    path: fileNames[kind],
    text,
    dialect: kind === "ip6tables-save" ? "iptables-save" : kind,
    family: kind === "ip6tables-save" ? 6 : 4,
  }));
}

const fileNames: Record<RulesetFile["kind"], string> = {
  nft: "ruleset.nft",
  "iptables-save": "rules.v4",
  "ip6tables-save": "rules.v6",
  shell: "firewall.sh",
};

/** As the product's own types have them. */
export function parsedAddresses(address: Addresses) {
  return { 4: parseV4(address.ipv4), 6: parseV6(address.ipv6) };
}

/** The firewall's interfaces towards the client and towards the server. */
function interfacesOf(host: Host): { clientInterface?: string; serverInterface?: string } {
  switch (host.on) {
    case "server":
      return { clientInterface: "eth0" };
    case "client":
      return { serverInterface: "eth0" };
    case "gateway":
      return { clientInterface: host.interfaces.client, serverInterface: host.interfaces.server };
  }
}
