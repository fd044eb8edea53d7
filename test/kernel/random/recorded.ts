import { readdirSync, readFileSync } from "node:fs";
import type { SessionKind } from "../host.ts";
import type { RulesetKind } from "../rig/ruleset-loader.ts";
import { type Outcome, sessionNames } from "../rig/sessions.ts";
import { type Place, places, serverAddress } from "../rig/topology.ts";
import type { RandomHost } from "./generate.ts";
import type { Outcomes } from "./trial.ts";

/**
 * A ruleset with what the kernel did, in one file that reads as text: a head line, then each file below a line
 * `--- KIND`. Found by the random search; every contradiction that was ever found is one of these.
 */
export interface Recorded extends RandomHost {
  readonly name: string;
  readonly kernel: Outcomes;
  /** A part of the reason where the files do not say what the kernel here did: the simulator may say `unknown`. */
  readonly unknown?: string;
}

const folder = new URL("found/", import.meta.url);

export const foundFolder: URL = folder;

export function writeRecorded(one: Omit<Recorded, "name">): string {
  const outcomes = sessionNames.map((name) => `${name}=${one.kernel[name]}`).join(" ");
  const parts = one.files.map(({ kind, text }) => `--- ${kind}\n${text.trim()}\n`);
  return `# on the ${one.on}; kernel: ${outcomes}\n${sessionLines(one)}${parts.join("")}`;
}

/** What the client dials, where it is not the server's port 21: `# dials 10.1.0.1 fd01::1 port 2121`. */
function sessionLines({
  connectTo = serverAddress,
  controlPort = 21,
  session,
  interfaces,
}: RandomHost): string {
  const lines: string[] = [];
  const isUsual = connectTo.ipv4 === serverAddress.ipv4 && connectTo.ipv6 === serverAddress.ipv6;
  if (!isUsual || controlPort !== 21) {
    lines.push(`# dials ${connectTo.ipv4} ${connectTo.ipv6} port ${controlPort}\n`);
  }
  if (session !== undefined) lines.push(`# session ${JSON.stringify(session)}\n`);
  if (interfaces !== undefined) lines.push(`# interfaces ${interfaces.client} ${interfaces.server}\n`);
  return lines.join("");
}

function readSession(head: string): Omit<RandomHost, "on" | "files"> {
  const [, ipv4, ipv6, port] = /^# dials (\S+) (\S+) port (\d+)$/m.exec(head) ?? [];
  const session = /^# session (.*)$/m.exec(head)?.[1];
  const [, client, server] = /^# interfaces (\S+) (\S+)$/m.exec(head) ?? [];
  return {
    ...(ipv4 === undefined ? {} : { connectTo: { ipv4, ipv6: ipv6! }, controlPort: Number(port) }),
    ...(client === undefined ? {} : { interfaces: { client, server: server! } }),
    ...(session === undefined ? {} : { session: JSON.parse(session) as SessionKind }),
  };
}

export function readRecorded(name: string, text: string): Recorded {
  const [head, ...parts] = text.split(/^--- /m);
  const on = /^# on the (\w+);/.exec(head!)?.[1] as Place | undefined;
  const kernel = Object.fromEntries(
    [...head!.matchAll(/(\w+)=([\w-]+)/g)].map(([, session, outcome]) => [session, outcome as Outcome]),
  ) as unknown as Outcomes;
  if (
    on === undefined ||
    !places.includes(on) ||
    sessionNames.some((session) => kernel[session] === undefined)
  ) {
    throw new Error(`${name} does not begin with "# on the HOST; kernel: active4=… …"`);
  }
  const files = parts.map((part) => {
    const end = part.indexOf("\n");
    return { kind: part.slice(0, end).trim() as RulesetKind, text: part.slice(end + 1) };
  });
  const unknown = /^# unknown: (.*)$/m.exec(head!)?.[1];
  return { name: name.replace(/\.txt$/, ""), on, files, ...readSession(head!), kernel, unknown };
}

/** All rulesets of the folder `found/`. */
export function recordedRulesets(): Recorded[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".txt"))
    .sort()
    .map((name) => readRecorded(name, readFileSync(new URL(name, folder), "utf8")));
}
