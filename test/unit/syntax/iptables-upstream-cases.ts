import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { IptablesProgram } from "../../../server/src/syntax/iptables/command.ts";

const CORPUS = new URL("../../../../shared/corpus/iptables-upstream/", import.meta.url);

/** One line of iptables' own option tests: `options;canonical;OK` below `:CHAIN,…` and `*table`. */
export interface UpstreamCase {
  readonly file: string;
  readonly program: IptablesProgram;
  readonly table: string;
  readonly chain: string;
  readonly options: string;
  /** What iptables-save prints of it; for a line that is refused nothing. */
  readonly saved: string;
  readonly ok: boolean;
  /** `LEGACY`: the line is about iptables-legacy alone. */
  readonly legacy: boolean;
}

/** The folder of one version's tests; undefined where the corpus is not. */
export function upstreamFolder(version: string): URL | undefined {
  const folder = new URL(`${version}/`, CORPUS);
  return existsSync(folder) ? folder : undefined;
}

export function upstreamCases(folder: URL): UpstreamCase[] {
  return readdirSync(folder)
    .filter(isOptionTest)
    .flatMap((name) => readCases(folder, name));
}

function readCases(folder: URL, name: string): UpstreamCase[] {
  const cases: UpstreamCase[] = [];
  let chain = "INPUT";
  let table = "filter";
  for (const line of readFileSync(new URL(name, folder), "utf8").split("\n")) {
    if (line === "" || /^[#@%]/.test(line)) continue;
    if (line.startsWith(":")) {
      chain = line.slice(1).split(",")[0] ?? chain;
      table = "filter";
    } else if (line.startsWith("*")) table = line.slice(1);
    else {
      const [options = "", canonical = "", verdict, variant] = line.split(";");
      const saved = canonical === "=" ? options : canonical;
      const rest = { file: name, table, chain, options, saved, ok: verdict === "OK" };
      for (const program of programsOf(name, options))
        cases.push({ ...rest, program, legacy: variant === "LEGACY" });
    }
  }
  return cases;
}

/** libipt is for IPv4, libip6t for IPv6, libxt for both; 1.8.9 has IPv4 addresses in libxt tests. */
function programsOf(name: string, options: string): IptablesProgram[] {
  if (name.startsWith("libip6t")) return ["ip6tables"];
  const v4 = !name.startsWith("libxt") || /\d+\.\d+\.\d+\.\d+/.test(options);
  return v4 ? ["iptables"] : ["iptables", "ip6tables"];
}

/** CLUSTERIP is gone from the kernel, and refused for that. */
function isOptionTest(file: string): boolean {
  return file.endsWith(".t") && file !== "libipt_CLUSTERIP.t";
}
