import { setPassivePorts } from "../../../server/src/daemons/set-passive-ports.ts";
import { type PortsAnswer, question, withServer } from "./ask-servers.ts";
import type { ServerName } from "./daemons.ts";
import { Lab } from "./lab.ts";

/** Servers whose configuration a fix pins, by what their files are called. */
const pinned: readonly (readonly [ServerName, path: string])[] = [
  ["vsftpd", "vsftpd.conf"],
  ["pure-ftpd", "pure-ftpd.conf"],
  ["proftpd", "proftpd.conf"],
];

/** Far apart, and apart from what any of them uses unless told otherwise. */
const other = [20000, 20099] as const;
const wanted = { low: 4100, high: 4109 };

/** Starts each server with the configuration that the fix has pinned; what is wrong with the ports that it names. */
export async function pinServers(): Promise<string[]> {
  const lab = await Lab.create();
  try {
    const problems: string[] = [];
    for (const [name, path] of pinned) {
      for (const passive of [other, undefined]) problems.push(...(await pin(lab, name, path, passive)));
    }
    return problems;
  } finally {
    lab.close();
  }
}

/** `passive`: the range that the configuration names before the fix, if it names one. */
async function pin(
  lab: Lab,
  name: ServerName,
  path: string,
  passive: readonly [first: number, last: number] | undefined,
): Promise<string[]> {
  const setup = { port: 21, ...(passive && { passive }), edited: (text: string) => withRange(path, text) };
  const answer = await withServer(lab, name, setup, () =>
    question<PortsAnswer>(lab, name, setup.port, { do: "ports", command: "PASV", times: 6 }),
  );
  if (typeof answer === "string") return [`${name} does not start with the pinned configuration: ${answer}`];
  const isWithin = (port: number | null) => port !== null && wanted.low <= port && port <= wanted.high;
  if (answer.ports.length > 0 && answer.ports.every(isWithin)) return [];
  return [`${name}, pinned to ${wanted.low}-${wanted.high}, names the ports ${answer.ports.join(", ")}`];
}

function withRange(path: string, text: string): string {
  const edits = setPassivePorts({ path, text }, wanted);
  if (edits === undefined || edits.length === 0) throw new Error(`nothing was changed in ${path}:\n${text}`);
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((left, { span, newText }) => left.slice(0, span.start) + newText + left.slice(span.end), text);
}
