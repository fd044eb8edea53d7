import type { Outcomes } from "../rig/sessions.ts";
import { clientQuestions } from "./ask-clients.ts";
import { serverQuestions } from "./ask-servers.ts";
import { clientNames } from "./clients.ts";
import { serverNames } from "./daemons.ts";
import type { Measurement } from "./measurement.ts";
import { triedNames } from "./rulesets.ts";

export const pageFile = new URL("../../../docs/servers-and-clients.md", import.meta.url);

/** The page with the tables of a measurement: each stands between two comments that name it. */
export function withTables(page: string, measurement: Measurement): string {
  let text = page;
  for (const [name, table] of Object.entries(tables(measurement))) {
    const [begin, end] = [`<!-- measured: ${name} -->`, `<!-- end: ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`the page has no place for the table ${name}`);
    text = `${text.slice(0, from + begin.length)}\n\n${table}\n${text.slice(to)}`;
  }
  return text;
}

export function tables(measurement: Measurement): Record<"servers" | "clients" | "sessions", string> {
  const { versions, servers, clients, sessions } = measurement;
  return {
    servers: table(
      ["", ...serverNames.map((name) => `${name} ${versions[name]}`)],
      serverQuestions.map((question) => [question, ...serverNames.map((name) => servers[name][question])]),
    ),
    clients: table(
      ["", ...clientNames.map((name) => `${name} ${versions[name]}`)],
      clientQuestions.map((question) => [question, ...clientNames.map((name) => clients[name][question])]),
    ),
    sessions: table(
      ["firewall", "server", ...clientNames],
      triedNames.flatMap((ruleset) =>
        serverNames.map((server) => [
          ruleset,
          server,
          ...clientNames.map((client) => inWords(sessions[ruleset][server][client])),
        ]),
      ),
    ),
  };
}

function inWords({ active4, passive4, active6, passive6 }: Outcomes): string {
  const active = active4 === active6 ? active4 : `${active4} over IPv4, ${active6} over IPv6`;
  const passive = passive4 === passive6 ? passive4 : `${passive4} over IPv4, ${passive6} over IPv6`;
  return active === passive
    ? `both ${active}`.replace("both works", "both work")
    : `active ${active}, passive ${passive}`;
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("");
}
