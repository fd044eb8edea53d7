import { numbers } from "../../../server/src/model/values.ts";
import { type Host, type SessionKind, usualInterfaces } from "../host.ts";
import { simulate } from "../product.ts";
import { type Outcome, type Outcomes, type SessionName, sessionNames } from "../rig/sessions.ts";
import { serverAddress } from "../rig/topology.ts";
import { asPackaged } from "./ask-servers.ts";
import { type ClientName, clientCommand, clientKinds, clientNames } from "./clients.ts";
import { credentials, endServer, type ServerName, serverNames, startServer } from "./daemons.ts";
import { content, type Lab } from "./lab.ts";
import { filesOf, type TriedName, tried, triedNames } from "./rulesets.ts";

/** Pinned, and within what the ruleset opens; pure-ftpd admits one client for two ports. */
const passive = [50060, 50099] as const;

/** By ruleset, server and client. */
export type Sessions = Record<TriedName, Record<ServerName, Record<ClientName, Outcomes>>>;

/** Where a server sends active data from, as the simulator is told. */
const dataPorts: Record<ServerName, SessionKind["dataPort"]> = {
  vsftpd: 20,
  "pure-ftpd": 20,
  proftpd: "any",
  pyftpdlib: "any",
};

/** What the simulator says of a ruleset, a server and a client. */
export function simulated(
  ruleset: TriedName,
  server: ServerName,
  client: ClientName,
): Record<SessionName, string> {
  const verdicts = simulate(hostOf(ruleset, server, client));
  const said = sessionNames.map((name) => [name, verdicts[name].verdict] as const);
  return Object.fromEntries(said) as Record<SessionName, string>;
}

function hostOf(ruleset: TriedName, server: ServerName, client: ClientName): Host {
  const { on } = tried[ruleset];
  return {
    on,
    files: filesOf(ruleset),
    interfaces: usualInterfaces,
    connectTo: serverAddress,
    controlPort: 21,
    session: { ...clientKinds[client], dataPort: dataPorts[server], passivePorts: numbers(...passive) },
  };
}

/** Every client with one server, through every ruleset. */
export async function trySessions(
  lab: Lab,
  server: ServerName,
): Promise<Record<TriedName, Record<ClientName, Outcomes>>> {
  const daemon = await startServer(lab, server, { port: 21, passive, extra: asPackaged(server) });
  if (typeof daemon === "string") throw new Error(`${server}: ${daemon}`);
  const found: [TriedName, Record<ClientName, Outcomes>][] = [];
  for (const ruleset of triedNames) {
    await lab.reset();
    await lab.load(tried[ruleset].on, filesOf(ruleset));
    const clients = await Promise.all(
      clientNames.map(async (client) => [client, await tryClient(lab, server, client)] as const),
    );
    found.push([ruleset, Object.fromEntries(clients) as Record<ClientName, Outcomes>]);
  }
  await endServer(lab, daemon, 21);
  return Object.fromEntries(found) as Record<TriedName, Record<ClientName, Outcomes>>;
}

async function tryClient(lab: Lab, server: ServerName, client: ClientName): Promise<Outcomes> {
  const outcomes = await Promise.all(
    sessionNames.map(async (name) => {
      const host = name.endsWith("4") ? serverAddress.ipv4 : serverAddress.ipv6;
      const login = { host, port: 21, ...credentials(server) };
      const mode = name.startsWith("active") ? "active" : "passive";
      const command = clientCommand(client, login, { mode, patience: 4 });
      const { stdout, stderr } = await lab.run("client", command, 15_000);
      if (process.env.DBG && stdout !== content) console.log(server, client, name, stdout.length, stderr);
      return [name, outcomeOf(stdout, stderr)] as const;
    }),
  );
  return Object.fromEntries(outcomes) as unknown as Outcomes;
}

function outcomeOf(stdout: string, stderr: string): Outcome {
  if (stdout === content) return "works";
  // Each of the three shows the server's replies.
  return /\b230[ -]/.test(stderr) ? "blocked" : "no-control";
}

/** Where the simulator says something else than was seen. */
export function disagreements(sessions: Sessions): string[] {
  return triedNames.flatMap((ruleset) =>
    serverNames.flatMap((server) =>
      clientNames.flatMap((client) => {
        const [seen, said] = [sessions[ruleset][server][client], simulated(ruleset, server, client)];
        return sessionNames
          .filter((name) => seen[name] !== said[name])
          .map((name) => `${ruleset}, ${server}, ${client}, ${name}: ${seen[name]}, simulated ${said[name]}`);
      }),
    ),
  );
}
