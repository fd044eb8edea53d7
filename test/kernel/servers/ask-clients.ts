import { fileURLToPath } from "node:url";
import { clientAddress, clientPorts, serverAddress, strangerAddress } from "../rig/topology.ts";
import { type ClientName, clientCommand, type Wish } from "./clients.ts";
import { type Lab, publicServer } from "./lab.ts";

/** What was asked of each client; a row of the page's table. */
export const clientQuestions = [
  "Passive over IPv4",
  "Passive over IPv6",
  "Active over IPv4",
  "Active over IPv6",
  "The server does not know `EPSV`, IPv4",
  "The server does not know `EPRT`, IPv4",
  "The server offers TLS",
  "Foreign address in 227, server in a private network",
  "… set the other way",
  "Private address in 227, server's is public",
  "Passive data from",
  "Active data to",
  "Passive data does not get through",
  "Active data does not get through",
] as const;
export type ClientQuestion = (typeof clientQuestions)[number];
export type ClientAnswers = Readonly<Record<ClientQuestion, string>>;

const stub = fileURLToPath(new URL("stub_server.py", import.meta.url));

/** What the stub of a server wrote down of one client. */
interface Event {
  readonly at: number;
  readonly command?: string;
  readonly control?: readonly [string, number];
  readonly data?: readonly [string, number];
  readonly reached?: readonly [string, number];
  readonly listens?: readonly [string, number];
  readonly ended?: boolean;
}

interface Stub {
  readonly announces?: string;
  readonly passive?: number;
  readonly extended?: boolean;
  readonly features?: readonly string[];
  readonly connects?: boolean;
}

let port = 3000;

/** Nothing answers there: the packets are dropped. One for each client. */
const deadPorts: Record<ClientName, number> = { ftplib: 50097, curl: 50098, lftp: 50099 };
/** Seconds that we watch a client which waits for data. */
const watched = 75;

/** Asks one client everything; the server is a stub that does as it is told. */
export async function askClient(lab: Lab, name: ClientName): Promise<ClientAnswers> {
  const seen = (wish: Wish, server: Stub, host = serverAddress.ipv4, seconds = 10) =>
    watch(lab, name, wish, server, host, seconds);
  const passive: Wish = { mode: "passive" };
  const active: Wish = { mode: "active" };
  const other = otherFollowing[name];
  const foreign = { announces: strangerAddress.server.ipv4 };
  // The slow ones go on meanwhile.
  const deadPassive = seen(passive, { passive: deadPorts[name] }, serverAddress.ipv4, watched);
  const deadActive = seen(active, { connects: false }, serverAddress.ipv4, watched);
  return {
    "Passive over IPv4": commands(await seen(passive, {})),
    "Passive over IPv6": commands(await seen(passive, {}, serverAddress.ipv6)),
    "Active over IPv4": commands(await seen(active, {})),
    "Active over IPv6": commands(await seen(active, {}, serverAddress.ipv6)),
    "The server does not know `EPSV`, IPv4": commands(await seen(passive, { extended: false })),
    "The server does not know `EPRT`, IPv4": commands(await seen(active, { extended: false })),
    "The server offers TLS": (await seen(passive, { features: ["AUTH TLS"] })).some(
      (one) => one.command === "AUTH",
    )
      ? "uses it"
      : "does not use it",
    "Foreign address in 227, server in a private network": follows(await seen(plainPasv(name), foreign)),
    "… set the other way": `${follows(await seen({ mode: "passive", extra: other.extra }, foreign))} (\`${other.name}\`)`,
    "Private address in 227, server's is public": follows(await seen(plainPasv(name), foreign, publicServer)),
    "Passive data from": await sources(() => seen(passive, {}), "data"),
    "Active data to": await sources(() => seen(active, {}), "listens"),
    "Passive data does not get through": patience(await deadPassive),
    "Active data does not get through": patience(await deadActive),
  };
}

/** Only PASV has an address to follow. */
function plainPasv(name: ClientName): Wish {
  return { mode: "passive", extra: name === "curl" ? ["--disable-epsv"] : [] };
}

/** The setting that decides whether the address is followed, as it is not by default. */
const otherFollowing: Record<ClientName, { readonly extra: readonly string[]; readonly name: string }> = {
  ftplib: { extra: ["trust_server_pasv_ipv4_address"], name: "trust_server_pasv_ipv4_address = True" },
  curl: { extra: ["--disable-epsv", "--no-ftp-skip-pasv-ip"], name: "--no-ftp-skip-pasv-ip" },
  lftp: { extra: ["ftp:ignore-pasv-address yes"], name: "ftp:ignore-pasv-address yes" },
};

async function watch(
  lab: Lab,
  name: ClientName,
  wish: Wish,
  server: Stub,
  host: string,
  seconds: number,
): Promise<Event[]> {
  const here = port++;
  const running = lab.start("server", ["python3", stub, JSON.stringify({ port: here, ...server })]);
  if (!(await lab.untilListening(here, running))) throw new Error(`the stub: ${running.output}`);
  const login = { host, port: here, user: "lab", password: "lab" };
  await lab.run("client", clientCommand(name, login, wish), seconds * 1000);
  await running.end();
  const lines = running.output.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as Event).filter((event) => event.at !== undefined);
}

const aboutData = new Set(["PASV", "EPSV", "PORT", "EPRT"]);

function commands(events: readonly Event[]): string {
  const said = events.flatMap(({ command }) => (command && aboutData.has(command) ? [`\`${command}\``] : []));
  const arrived = events.some((event) => event.data);
  return `${said.join(", then ")}${arrived ? "" : ", and fails"}`;
}

function follows(events: readonly Event[]): string {
  const reached = events.find((event) => event.reached)?.reached?.[0];
  if (reached === undefined) return "connects to neither";
  return reached === strangerAddress.server.ipv4 ? "follows it" : "ignores it";
}

/** Where data connections come from or go to on the client, in several sessions. */
async function sources(session: () => Promise<Event[]>, which: "data" | "listens"): Promise<string> {
  const distances: number[] = [];
  const ports: number[] = [];
  for (let time = 0; time < 8; time++) {
    const events = await session();
    const control = events.find((event) => event.control)!.control!;
    const data = events.find((event) => event[which])?.[which];
    if (data === undefined) throw new Error(`no data connection: ${JSON.stringify(events)}`);
    ports.push(data[1]);
    distances.push(data[1] - control[1]);
  }
  const { first, last } = clientPorts;
  const kernels = ports.every((one) => one >= first && one <= last);
  const beside = distances.filter((distance) => Math.abs(distance) <= 2).length;
  const whose = kernels ? "a port of the kernel's choice" : "a port of its own choice";
  return beside >= 6 ? `${whose}, next to the control connection's` : whose;
}

/** What a client does about data that never comes, and after how many seconds. */
function patience(events: readonly Event[]): string {
  const [first, ...later] = events.filter(({ command }) => command && aboutData.has(command));
  const next = later[0] ?? events.find((event) => event.ended);
  if (first === undefined) return "nothing is tried";
  if (next === undefined || next.at - first.at > watched - 5) return `waits for more than ${watched - 10} s`;
  const anew = events.findLastIndex((event, index) => event.control && index < events.indexOf(next));
  if (next.command && anew > events.indexOf(first)) return "logs in anew, to try again";
  const seconds = Math.round(next.at - first.at);
  return next.command ? `\`${next.command}\` after ${seconds} s` : `gives up after ${seconds} s`;
}

/** Drops what goes to the dead port, and lets the kernel give up early: 3 s instead of two minutes. */
export async function preparePatience(lab: Lab): Promise<void> {
  await lab.shell("client", "echo 1 > /proc/sys/net/ipv4/tcp_syn_retries");
  await lab.load("server", [{ kind: "nft", text: deadPortRuleset }]);
}

const deadPortRuleset = `table inet dead {
  chain input {
    type filter hook input priority filter; policy accept;
    ip saddr ${clientAddress.ipv4} tcp dport { ${Object.values(deadPorts).join(", ")} } drop
  }
}
`;
