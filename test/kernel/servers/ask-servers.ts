import { fileURLToPath } from "node:url";
import { makeCertificate } from "../rig/certificate.ts";
import { type Addresses, clientAddress, serverAddress, strangerAddress } from "../rig/topology.ts";
import {
  credentials,
  endServer,
  explicitTls,
  implicitTls,
  type ServerName,
  type Setup,
  startServer,
} from "./daemons.ts";
import { type Lab, type Running, serverPorts } from "./lab.ts";
import { filesOf } from "./rulesets.ts";

/** What was asked of each server; a row of the page's table. */
export const serverQuestions = [
  "Listens on, unless told otherwise",
  "Active data comes from, control port 21",
  "… control port 2121",
  "… not started as root",
  "… set the other way",
  "… told to give up root, control port 21",
  "`PORT` with another host's address",
  "`PORT` with a port below 1024",
  "Address in 227",
  "`EPSV` over IPv4",
  "`PASV` ports, no range set",
  "`EPSV` ports, no range set",
  "Passive range used up",
  "Another host opens the passive connection",
  "Active data under implicit TLS, control port 990",
  "`CCC` under TLS, a firewall with the helper",
] as const;
export type ServerQuestion = (typeof serverQuestions)[number];
export type ServerAnswers = Readonly<Record<ServerQuestion, string>>;

const script = fileURLToPath(new URL("ask_server.py", import.meta.url));

/** Asks one server everything, without a firewall. */
export async function askServer(lab: Lab, name: ServerName): Promise<ServerAnswers> {
  const ask = <Answer>(setup: Setup, request: Record<string, unknown>) =>
    withServer(lab, name, setup, () => question<Answer>(lab, name, setup.port, request));
  const source = async (setup: Setup) => {
    const answer = await ask<ActiveAnswer>(setup, { do: "active" });
    return typeof answer === "string" ? answer : sourceOf(answer, setup.port);
  };
  const ports = (command: string) => ask<PortsAnswer>({ port: 21 }, { do: "ports", command, times: 6 });
  const other = otherSource[name];
  return {
    "Listens on, unless told otherwise": await listensOn(lab, name),
    "Active data comes from, control port 21": await source({ port: 21, extra: asPackaged(name) }),
    "… control port 2121": await source({ port: 2121, extra: asPackaged(name) }),
    "… not started as root": await source({ port: 2121, unprivileged: true, extra: asPackaged(name) }),
    "… set the other way": other ? `${await source({ port: 2121, extra: [other] })} (\`${other}\`)` : "–",
    "… told to give up root, control port 21":
      name === "proftpd" ? await source({ port: 21, extra: ["RootRevoke on"] }) : "–",
    "`PORT` with another host's address": verdictOf(await ask({ port: 21 }, { do: "foreign" })),
    "`PORT` with a port below 1024": verdictOf(await ask({ port: 21 }, { do: "active", listen: 1000 })),
    ...passiveAnswers(await ask<PassiveAnswer>({ port: 21 }, { do: "passive" })),
    "`PASV` ports, no range set": rangeOf(await ports("PASV")),
    "`EPSV` ports, no range set": rangeOf(await ports("EPSV")),
    "Passive range used up": exhaustion(
      await ask<ExhaustedAnswer>({ port: 21, passive: tiny }, { do: "exhausted", times: 5 }),
    ),
    ...(await askAboutTls(lab, name)),
  };
}

/** The setting that decides where active data comes from, as it is not by default. */
const otherSource: Partial<Record<ServerName, string>> = {
  vsftpd: "connect_from_port_20=NO",
  proftpd: "RootRevoke off",
};

async function askAboutTls(lab: Lab, name: ServerName) {
  const tls = makeCertificate(lab.folder);
  const implicit = implicitTls(name, tls);
  const explicit = explicitTls(name, tls);
  const ask = <Answer>(port: number, extra: readonly string[], request: Record<string, unknown>) =>
    withServer(lab, name, { port, extra }, () => question<Answer>(lab, name, port, request));
  const active = implicit && (await ask<ActiveAnswer>(990, implicit, { do: "active", tls: "implicit" }));
  await lab.load("server", filesOf("server, helper"));
  const clear = explicit && (await ask<ClearAnswer>(21, explicit, { do: "ccc", tls: "explicit" }));
  await lab.reset();
  if (typeof clear === "string") throw new Error(`${name} and TLS: ${clear}`);
  return {
    "Active data under implicit TLS, control port 990":
      typeof active === "object" ? sourceOf(active, 990) : (active ?? "–"),
    "`CCC` under TLS, a firewall with the helper": clear ? clearInWords(clear) : "–",
  };
}

function clearInWords({ reply, arrived }: ClearAnswer): string {
  if (!reply.startsWith("2")) return `refused (${reply.slice(0, 3)})`;
  return arrived ? "passive data passes" : "passive data is blocked";
}

const tiny = [50060, 50063] as const;

interface ActiveAnswer {
  readonly replies: readonly string[];
  readonly from: readonly [string, number] | null;
}

interface ClearAnswer {
  readonly reply: string;
  readonly arrived: boolean;
}

interface PassiveAnswer {
  readonly pasv: string;
  readonly epsv: string;
  readonly strangerServed: boolean;
}

export interface PortsAnswer {
  readonly ports: readonly (number | null)[];
}

interface ExhaustedAnswer extends PortsAnswer {
  readonly replies: readonly string[];
}

/** Debian's own configuration of vsftpd has this line; vsftpd by itself has not. */
export function asPackaged(name: ServerName): readonly string[] | undefined {
  return name === "vsftpd" ? ["connect_from_port_20=YES"] : undefined;
}

export async function withServer<Answer>(
  lab: Lab,
  name: ServerName,
  setup: Setup,
  action: (daemon: Running) => Promise<Answer>,
): Promise<Answer | string> {
  const daemon = await startServer(lab, name, setup);
  if (typeof daemon === "string") return daemon;
  try {
    return await action(daemon);
  } finally {
    await endServer(lab, daemon, setup.port);
  }
}

export async function question<Answer>(
  lab: Lab,
  name: ServerName,
  port: number,
  request: Record<string, unknown>,
): Promise<Answer | string> {
  const addresses = {
    host: serverAddress.ipv4,
    own: clientAddress.ipv4,
    stranger: strangerAddress.client.ipv4,
  };
  const whole = { ...request, ...addresses, port, ...credentials(name) };
  const { status, stdout, stderr } = await lab.run("client", ["python3", script, JSON.stringify(whole)]);
  if (status !== 0) throw new Error(`${name} was asked ${JSON.stringify(whole)}: ${stderr}`);
  const answer = JSON.parse(stdout) as Answer & { failed?: string };
  return answer.failed === undefined ? answer : "serves nobody";
}

async function listensOn(lab: Lab, name: ServerName): Promise<string> {
  const extra: Partial<Record<ServerName, string[]>> = {
    // What vsftpd and pyftpdlib are without a word about it, in their own examples' terms.
    vsftpd: ["listen_ipv6=NO", "listen=YES"],
    pyftpdlib: [""],
  };
  const heard = await withServer(lab, name, { port: 21, extra: extra[name] }, () => lab.listening(21));
  const both = /\*:21/.test(heard) || (/0\.0\.0\.0:21/.test(heard) && /\[::\]:21/.test(heard));
  return both ? "IPv4 and IPv6" : /0\.0\.0\.0:21/.test(heard) ? "IPv4" : "IPv6";
}

function sourceOf({ from, replies }: ActiveAnswer, control: number): string {
  if (from === null) return replies[0] ? `none: ${replies.at(-1)}` : "serves nobody";
  const [, port] = from;
  if (port === 20) return "20";
  if (port === control - 1) return `${port}, the control port minus one`;
  return port >= serverPorts.first && port <= serverPorts.last ? "any port" : "any port of its own choice";
}

function verdictOf(answer: ActiveAnswer | string): string {
  if (typeof answer === "string") return answer;
  if (answer.from !== null) return "accepted";
  return `refused (${answer.replies.at(-1)?.slice(0, 3)})`;
}

function passiveAnswers(answer: PassiveAnswer | string) {
  if (typeof answer === "string") throw new Error(answer);
  const named = /(\d+,\d+,\d+,\d+),\d+,\d+/.exec(answer.pasv)?.[1]?.replaceAll(",", ".");
  const own: Addresses["ipv4"] = serverAddress.ipv4;
  return {
    "Address in 227": named === own ? "the one that the client dialled" : `another: ${answer.pasv}`,
    "`EPSV` over IPv4": answer.epsv.startsWith("229") ? "works" : `refused: ${answer.epsv}`,
    "Another host opens the passive connection": answer.strangerServed ? "is served" : "is not served",
  };
}

function rangeOf(answer: PortsAnswer | string): string {
  if (typeof answer === "string") throw new Error(answer);
  const ports = answer.ports.map(Number);
  const kernels = ports.every((port) => port >= serverPorts.first && port <= serverPorts.last);
  if (kernels) return "the kernel's choice";
  const spread = Math.max(...ports) - Math.min(...ports);
  return spread > 30_000 ? "its own choice, any above 1023" : `its own choice, from ${Math.min(...ports)}`;
}

function exhaustion(answer: ExhaustedAnswer | string): string {
  if (typeof answer === "string") throw new Error(answer);
  const { ports, replies } = answer;
  const [first, last] = tiny;
  const outside = ports.find((port) => port !== null && (port < first || port > last));
  if (outside !== undefined) return "names a port outside it";
  const refused = ports.indexOf(null);
  return refused < 0
    ? "names one twice"
    : `${refused} sessions fit 4 ports; then ${replies[refused] || "hangs up"}`;
}
