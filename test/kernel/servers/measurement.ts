import { readFileSync } from "node:fs";
import { askClient, type ClientAnswers, preparePatience } from "./ask-clients.ts";
import { askServer, type ServerAnswers } from "./ask-servers.ts";
import { type ClientName, clientNames, clientVersion } from "./clients.ts";
import { type ServerName, serverNames, serverVersion } from "./daemons.ts";
import { Lab } from "./lab.ts";
import { triedNames } from "./rulesets.ts";
import { type Sessions, trySessions } from "./try-sessions.ts";

/** Everything that was measured; `measured.json` keeps what was the last time. */
export interface Measurement {
  readonly versions: Readonly<Record<ServerName | ClientName, string>>;
  readonly servers: Readonly<Record<ServerName, ServerAnswers>>;
  readonly clients: Readonly<Record<ClientName, ClientAnswers>>;
  readonly sessions: Sessions;
}

export const recordFile = new URL("measured.json", import.meta.url);

export function recorded(): Measurement {
  return JSON.parse(readFileSync(recordFile, "utf8")) as Measurement;
}

/** Asks everybody everything: a minute and a half. */
export async function measure(): Promise<Measurement> {
  const [forServers, forClients] = [await Lab.create(), await Lab.create()];
  try {
    await preparePatience(forClients);
    const clients = Promise.all(clientNames.map((name) => askClient(forClients, name)));
    const servers: ServerAnswers[] = [];
    const sessions: Awaited<ReturnType<typeof trySessions>>[] = [];
    for (const name of serverNames) {
      servers.push(await askServer(forServers, name));
      sessions.push(await trySessions(forServers, name));
      await forServers.reset();
    }
    const versions = await Promise.all(clientNames.map((name) => clientVersion(forClients, name)));
    return {
      versions: { ...named(serverNames, serverNames.map(serverVersion)), ...named(clientNames, versions) },
      servers: named(serverNames, servers),
      clients: named(clientNames, await clients),
      sessions: named(
        triedNames,
        triedNames.map((ruleset) =>
          named(
            serverNames,
            sessions.map((one) => one[ruleset]),
          ),
        ),
      ),
    };
  } finally {
    forServers.close();
    forClients.close();
  }
}

function named<Name extends string, Value>(
  names: readonly Name[],
  values: readonly Value[],
): Record<Name, Value> {
  return Object.fromEntries(names.map((name, index) => [name, values[index]])) as Record<Name, Value>;
}

/** What two measurements differ in, one line for each; versions are no difference. */
export function differences(before: Measurement, now: Measurement): string[] {
  const parts = ["servers", "clients", "sessions"] as const;
  return parts.flatMap((part) => differing(part, before[part], now[part]));
}

function differing(path: string, before: unknown, now: unknown): string[] {
  if (typeof before === "object" && typeof now === "object" && before !== null && now !== null) {
    const [left, right] = [before, now] as [Record<string, unknown>, Record<string, unknown>];
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...keys].flatMap((key) => differing(`${path}, ${key}`, left[key], right[key]));
  }
  return before === now ? [] : [`${path}: was ${before}, is ${now}`];
}
