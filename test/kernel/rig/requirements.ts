import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const programs: ReadonlyArray<readonly [program: string, debianPackage: string]> = [
  ["ip", "iproute2"],
  ["ss", "iproute2"],
  ["nft", "nftables"],
  ["iptables-restore", "iptables"],
  ["ip6tables-restore", "iptables"],
  ["conntrack", "conntrack"],
  ["vsftpd", "vsftpd"],
  ["python3", "python3"],
  ["openssl", "openssl"],
  ["sysctl", "procps"],
];

/** Why the kernel cannot be asked on this machine; undefined where it can. */
export function whatIsMissing(): string | undefined {
  if (process.platform !== "linux") return "network namespaces need Linux";
  const folders = (process.env.PATH ?? "").split(":");
  const missing = programs.filter(
    ([program]) => !folders.some((folder) => existsSync(`${folder}/${program}`)),
  );
  if (missing.length > 0) {
    const packages = [...new Set(missing.map(([, debianPackage]) => debianPackage))];
    return `not installed: ${packages.join(", ")}; as root on Debian: scripts/install-kernel-lab.sh`;
  }
  if (process.getuid?.() !== 0) return "network namespaces need root";
  const name = `ftpfw-${process.pid}-trial-client`;
  const added = spawnSync("ip", ["netns", "add", name], { encoding: "utf8" });
  if (added.status !== 0) return `network namespaces cannot be made here: ${added.stderr.trim()}`;
  const helper = spawnSync("ip", ["netns", "exec", name, "nft", "-f", "-"], {
    encoding: "utf8",
    input: helperTable,
  });
  spawnSync("ip", ["netns", "del", name]);
  if (helper.status !== 0) return `this kernel has no FTP helper for nftables: ${helper.stderr.trim()}`;
  return undefined;
}

const helperTable = 'table inet t { ct helper h { type "ftp" protocol tcp; }; }\n';
