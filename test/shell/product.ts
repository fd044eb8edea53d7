import { type Host, type LoadedFile, Loader, type Snapshot } from "../../server/src/convert/host.ts";
import type { ShellCall } from "../../server/src/convert/shell/recorder.ts";
import { type ListingLine, listRuleset } from "../../server/src/listing/listing.ts";
import type { Operation } from "../../server/src/model/operation.ts";
import { type Script, WORKSPACE } from "./rig/rig.ts";

/** What this program concludes from a script's text. */
export interface Conclusion {
  readonly listings: Readonly<Record<Tool, readonly ListingLine[]>>;
  /** Why something may have changed the rules in ways it cannot tell; each with the line in the script. */
  readonly unknowns: readonly string[];
  /** Operations that may not happen, by the lines of the script. */
  readonly maybes: readonly string[];
  /** The lines of the script, from 1, that are not certain: whether they are run, or with what values. */
  readonly openLines: readonly number[];
  readonly calls: readonly ShellCall[];
  readonly host: Host;
}

export type Tool = "iptables-save" | "ip6tables-save" | "nft list ruleset";

export const TOOLS: readonly Tool[] = ["iptables-save", "ip6tables-save", "nft list ruleset"];

/** Reads a script as the editor does, its workspace being the folder in which the real shell runs it. */
export function conclude(script: Script): Conclusion {
  const path = `${WORKSPACE}/${script.name}`;
  const source = { path, text: script.text, dialect: "shell", family: 4 } as const;
  const host = new Loader().load([source], workspaceOf(script));
  const { listings, unknowns } = listRuleset(host.ruleset);
  const linesOf = (tool: Tool) => listings.find((one) => one.tool === tool)?.lines ?? [];
  const [file] = host.files;
  if (file?.syntax.dialect !== "shell") throw new Error("a script is read as something else");
  const where = (operation: Operation) => whereOf(host, operation);
  const open = file.operations.flatMap((one) => (one.op === "unknown" ? [one] : []));
  const said = open.map((one) => `${where(one)}: ${one.fact}`);
  const facts = new Set(open.map(({ fact }) => fact));
  return {
    listings: {
      "iptables-save": linesOf("iptables-save"),
      "ip6tables-save": linesOf("ip6tables-save"),
      "nft list ruleset": linesOf("nft list ruleset"),
    },
    unknowns: [...new Set([...said, ...unknowns.map(({ fact }) => fact).filter((fact) => !facts.has(fact))])],
    maybes: [
      ...new Set(
        file.operations.flatMap((one) =>
          one.presence === "certain" || one.op === "unknown" ? [] : [where(one)],
        ),
      ),
    ],
    openLines: openLines(file, file.syntax.conversion.calls),
    calls: file.syntax.conversion.calls,
    host,
  };
}

function openLines({ source, operations }: LoadedFile, calls: readonly ShellCall[]): number[] {
  const open = [
    ...operations
      .filter((one) => one.op === "unknown" || one.presence !== "certain")
      .map(({ origin }) => origin),
    ...calls.filter(({ argv }) => argv.some(({ unknown }) => unknown !== undefined)),
  ];
  const own = open.filter(({ file }) => file === source.path);
  const lines = own.map(({ statement }) => source.text.slice(0, statement.start).split("\n").length);
  return [...new Set(lines)].sort((a, b) => a - b);
}

function workspaceOf(script: Script): Snapshot {
  const files = new Map(Object.entries({ ...script.files, [script.name]: script.text }));
  const nameOf = (path: string) =>
    path.startsWith(`${WORKSPACE}/`) ? path.slice(WORKSPACE.length + 1) : path.replace(/^(?:\.\/)+/, "");
  return {
    read(path) {
      const name = nameOf(path);
      const text = files.get(name);
      return text === undefined ? "missing" : { path: `${WORKSPACE}/${name}`, text };
    },
    list(folder) {
      const prefix = folder === "." || folder === WORKSPACE ? "" : `${nameOf(folder).replace(/\/$/, "")}/`;
      const names = [...files.keys()].filter((name) => name.startsWith(prefix));
      const inside = names.map((name) => name.slice(prefix.length)).filter((name) => !name.includes("/"));
      return inside.length > 0 ? inside : "missing";
    },
  };
}

/** "line 12: iptables -A …", the file's name before it where it is not the script itself. */
function whereOf(host: Host, { origin }: Operation): string {
  const [main] = host.files;
  const file = [...host.files, ...host.included].find(({ source }) => source.path === origin.file);
  if (file === undefined) return origin.file;
  const { start, end } = origin.statement;
  const line = file.source.text.slice(0, start).split("\n").length;
  const name = file === main ? "" : `${file.source.path.slice(WORKSPACE.length + 1)} `;
  const statement = file.source.text.slice(start, end).split("\n")[0]!;
  return `${name}line ${line}: ${statement}`;
}
