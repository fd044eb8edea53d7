import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const PROGRAMS: ReadonlyArray<readonly [program: string, debianPackage: string]> = [
  ["bash", "bash"],
  ["dash", "dash"],
  ["unshare", "util-linux"],
  ["nft", "nftables"],
  ["iptables-save", "iptables"],
  ["ip6tables-save", "iptables"],
  ["ipset", "ipset"],
];

const FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Why scripts cannot be run on this machine; undefined where they can. */
export function whatIsMissing(): string | undefined {
  if (process.platform !== "linux") return "network namespaces need Linux";
  const missing = PROGRAMS.filter(
    ([program]) => !FOLDERS.some((folder) => existsSync(`${folder}/${program}`)),
  );
  if (missing.length > 0) {
    const packages = [...new Set(missing.map(([, debianPackage]) => debianPackage))];
    return `not installed: ${packages.join(", ")}; as root on Debian: scripts/install-kernel-lab.sh`;
  }
  if (process.getuid?.() !== 0) return "network namespaces need root";
  const tried = spawnSync("unshare", ["--net", "--mount", "--pid", "--fork", "iptables", "-S"], {
    encoding: "utf8",
  });
  if (tried.status !== 0) return `namespaces cannot be made here: ${tried.stderr.trim()}`;
  const version = spawnSync("iptables", ["-V"], { encoding: "utf8" }).stdout;
  if (!version.includes("nf_tables")) return "iptables is not the one that uses nf_tables";
  return undefined;
}
