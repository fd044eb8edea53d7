import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { killIfRunning } from "./command.ts";
import { type Addresses, serverAddress } from "./topology.ts";

/** vsftpd's whole passive range is one port: a range that is half open cannot pass by luck. */
export const passivePort = 50060;
/** Ports on which the server answers: the standard one, and the usual second choice. */
export const controlPorts: readonly number[] = [21, 2121];

/** A file that can be fetched, and what it has to look like when it arrives. */
export interface Offered {
  readonly name: string;
  readonly digest: string;
}

/** vsftpd in the server's namespace: an instance per family and control port. */
export class FtpServer {
  readonly small: Offered;
  readonly large: Offered;
  readonly #daemons: ChildProcess[] = [];

  constructor(namespace: string, folder: string) {
    const root = join(folder, "ftp");
    mkdirSync(root);
    // vsftpd refuses to serve from a root that its anonymous user could write to, and must reach it.
    chmodSync(folder, 0o755);
    this.small = offer(root, "small.txt", "a small file, whole\n".repeat(40));
    this.large = offer(root, "large.bin", "0123456789abcdef".repeat(19_200));
    chmodSync(root, 0o555);
    for (const port of controlPorts) {
      for (const family of ["ipv4", "ipv6"] as const) {
        const file = join(folder, `vsftpd-${family}-${port}.conf`);
        writeFileSync(file, configuration(family, port, root));
        this.#daemons.push(spawn("ip", ["netns", "exec", namespace, "vsftpd", file], { stdio: "ignore" }));
      }
    }
  }

  /** Ends the sessions that are still open; the listening processes stay. */
  endSessions(): void {
    for (const daemon of this.#daemons) {
      if (daemon.pid !== undefined) for (const child of descendants(daemon.pid)) killIfRunning(child);
    }
  }

  end(): void {
    this.endSessions();
    for (const daemon of this.#daemons) daemon.kill("SIGKILL");
  }
}

function offer(root: string, name: string, text: string): Offered {
  writeFileSync(join(root, name), text, { mode: 0o444 });
  return { name, digest: createHash("sha256").update(text).digest("hex") };
}

function configuration(family: keyof Addresses, port: number, root: string): string {
  const listening =
    family === "ipv4"
      ? ["listen=YES", "listen_ipv6=NO", `listen_address=${serverAddress.ipv4}`]
      : ["listen=NO", "listen_ipv6=YES", `listen_address6=${serverAddress.ipv6}`];
  return [
    ...listening,
    `listen_port=${port}`,
    "background=NO",
    "connect_from_port_20=YES",
    `pasv_min_port=${passivePort}`,
    `pasv_max_port=${passivePort}`,
    "anonymous_enable=YES",
    "no_anon_password=YES",
    "local_enable=NO",
    `anon_root=${root}`,
    "secure_chroot_dir=/var/run/vsftpd/empty",
    "one_process_model=YES",
    "seccomp_sandbox=NO",
    "isolate=NO",
    // A network namespace of vsftpd's own would have no network.
    "isolate_network=NO",
    ...noReverseLookup(),
    "xferlog_enable=NO",
    "ssl_enable=NO",
    "",
  ].join("\n");
}

/** Newer versions ask DNS for the client's name and hang behind a firewall; older ones refuse the option. */
function noReverseLookup(): string[] {
  const option = "reverse_lookup_enable";
  const program = ["/usr/sbin/vsftpd", "/usr/bin/vsftpd"].find((path) => existsSync(path));
  return program !== undefined && readFileSync(program).includes(option) ? [`${option}=NO`] : [];
}

/** Process ids below `pid`, the deepest first. */
function descendants(pid: number): number[] {
  let listed: string;
  try {
    listed = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  } catch {
    return [];
  }
  const children = listed.split(" ").filter(Boolean).map(Number);
  return children.flatMap((child) => [...descendants(child), child]);
}
