import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
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
  readonly size: number;
}

type Family = keyof Addresses;

/** vsftpd in the server's namespace: an instance per family and control port. */
export class FtpServer {
  readonly small: Offered;
  readonly large: Offered;
  readonly #namespace: string;
  readonly #folder: string;
  readonly #root: string;
  readonly #daemons = new Map<string, ChildProcess>();
  #announced: string | undefined;

  constructor(namespace: string, folder: string) {
    this.#namespace = namespace;
    this.#folder = folder;
    this.#root = join(folder, "ftp");
    mkdirSync(this.#root);
    // vsftpd refuses to serve from a root that its anonymous user could write to, and must reach it.
    chmodSync(folder, 0o755);
    this.small = offer(this.#root, "small.txt", "a small file, whole\n".repeat(40));
    this.large = offer(this.#root, "large.bin", "0123456789abcdef".repeat(19_200));
    mkdirSync(join(this.#root, "upload"));
    chmodSync(join(this.#root, "upload"), 0o777);
    chmodSync(this.#root, 0o555);
    for (const port of controlPorts)
      for (const family of ["ipv4", "ipv6"] as const) this.#start(family, port);
  }

  /** The address in 227, from now on; undefined: the server's own. */
  async announce(address: string | undefined): Promise<void> {
    if (address === this.#announced) return;
    this.#announced = address;
    for (const port of controlPorts) {
      const before = this.#daemons.get(`ipv4-${port}`)!;
      const gone = once(before, "exit");
      before.kill("SIGKILL");
      await gone;
      await listening(this.#start("ipv4", port), port);
    }
  }

  /** Ends the sessions that are still open; the listening processes stay. */
  endSessions(): void {
    for (const { pid } of this.#daemons.values()) {
      if (pid !== undefined) for (const child of descendants(pid)) killIfRunning(child);
    }
  }

  end(): void {
    this.endSessions();
    for (const daemon of this.#daemons.values()) daemon.kill("SIGKILL");
  }

  #start(family: Family, port: number): ChildProcess {
    const name = `${family}-${port}`;
    const file = join(this.#folder, `vsftpd-${name}.conf`);
    writeFileSync(file, configuration(family, port, this.#root, this.#announced));
    const daemon = spawn("ip", ["netns", "exec", this.#namespace, "vsftpd", file], { stdio: "ignore" });
    this.#daemons.set(name, daemon);
    return daemon;
  }
}

/** Waits until a process, in its own namespace, has a listener for IPv4. */
async function listening({ pid }: ChildProcess, port: number): Promise<void> {
  const listener = `:${port.toString(16).toUpperCase().padStart(4, "0")} 00000000:0000 0A`;
  const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, "utf8");
  for (let attempt = 0; attempt < 500; attempt++) {
    // Until it is vsftpd itself, its network is not yet the namespace's.
    if (read("comm").trim() === "vsftpd" && read("net/tcp").includes(listener)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`vsftpd does not listen on port ${port}`);
}
function offer(root: string, name: string, text: string): Offered {
  writeFileSync(join(root, name), text, { mode: 0o444 });
  return { name, digest: createHash("sha256").update(text).digest("hex"), size: text.length };
}

function configuration(family: Family, port: number, root: string, announced: string | undefined): string {
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
    ...(announced === undefined ? [] : [`pasv_address=${announced}`]),
    "anonymous_enable=YES",
    "no_anon_password=YES",
    "local_enable=NO",
    "write_enable=YES",
    "anon_upload_enable=YES",
    // A file that is sent a second time takes the place of the first.
    "anon_other_write_enable=YES",
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
