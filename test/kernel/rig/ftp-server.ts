import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { killDescendants, mustRun } from "./command.ts";
import { type Addresses, serverAddress } from "./topology.ts";

/** vsftpd's whole passive range is one port: a range that is half open cannot pass by luck. */
export const passivePort = 50060;
/** Ports on which the server answers: the standard one, and the usual second choice. */
export const controlPorts: readonly number[] = [21, 2121];
/** Where TLS begins before FTP does. */
const implicitTlsPort = 990;
const families = ["ipv4", "ipv6"] as const;

/** A file that can be fetched, and what it has to look like when it arrives. */
export interface Offered {
  readonly name: string;
  readonly digest: string;
}

/** An instance of vsftpd. */
interface Listener {
  readonly family: keyof Addresses;
  readonly port: number;
  /** Its source port in active mode. */
  readonly dataPort: number;
}

/** vsftpd in the server's namespace: an instance per family and control port. Each of them speaks TLS if asked to. */
export class FtpServer {
  readonly small: Offered;
  readonly large: Offered;
  readonly #namespace: string;
  readonly #folder: string;
  readonly #root: string;
  readonly #certificate: Certificate;
  readonly #daemons: ChildProcess[] = [];
  #implicit: { readonly dataPort: number; readonly daemons: readonly ChildProcess[] } | undefined;

  constructor(namespace: string, folder: string) {
    const root = join(folder, "ftp");
    this.#namespace = namespace;
    this.#folder = folder;
    this.#root = root;
    this.#certificate = makeCertificate(folder);
    mkdirSync(root);
    // vsftpd refuses to serve from a root that its anonymous user could write to, and must reach it.
    chmodSync(folder, 0o755);
    this.small = offer(root, "small.txt", "a small file, whole\n".repeat(40));
    this.large = offer(root, "large.bin", "0123456789abcdef".repeat(19_200));
    chmodSync(root, 0o555);
    for (const port of controlPorts) {
      for (const family of families) this.#daemons.push(this.#start({ family, port, dataPort: 20 }));
    }
  }

  /** From now on the server also listens for TLS on port 990, and sends active data from this port. */
  async offerImplicitTls(dataPort: number): Promise<void> {
    if (this.#implicit?.dataPort === dataPort) return;
    for (const daemon of this.#implicit?.daemons ?? []) daemon.kill("SIGKILL");
    const daemons = families.map((family) => this.#start({ family, port: implicitTlsPort, dataPort }));
    this.#implicit = { dataPort, daemons };
    await this.#untilTheyListen(daemons);
  }

  async #untilTheyListen(daemons: readonly ChildProcess[]): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const listed = await mustRun("ip", ["netns", "exec", this.#namespace, "ss", "-Hltnp"]);
      if (daemons.every(({ pid }) => listed.includes(`pid=${pid},`))) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`vsftpd does not listen on port ${implicitTlsPort}`);
  }

  #start(listener: Listener): ChildProcess {
    const file = join(this.#folder, `vsftpd-${listener.family}-${listener.port}.conf`);
    writeFileSync(file, configuration(listener, this.#root, this.#certificate));
    return spawn("ip", ["netns", "exec", this.#namespace, "vsftpd", file], { stdio: "ignore" });
  }

  get #all(): ChildProcess[] {
    return [...this.#daemons, ...(this.#implicit?.daemons ?? [])];
  }

  /** Ends the sessions that are still open; the listening processes stay. */
  endSessions(): void {
    for (const daemon of this.#all) {
      if (daemon.pid !== undefined) killDescendants(daemon.pid);
    }
  }

  end(): void {
    this.endSessions();
    for (const daemon of this.#all) daemon.kill("SIGKILL");
  }
}

function offer(root: string, name: string, text: string): Offered {
  writeFileSync(join(root, name), text, { mode: 0o444 });
  return { name, digest: createHash("sha256").update(text).digest("hex") };
}

function configuration({ family, port, dataPort }: Listener, root: string, tls: Certificate): string {
  const listening =
    family === "ipv4"
      ? ["listen=YES", "listen_ipv6=NO", `listen_address=${serverAddress.ipv4}`]
      : ["listen=NO", "listen_ipv6=YES", `listen_address6=${serverAddress.ipv6}`];
  return [
    ...listening,
    `listen_port=${port}`,
    "background=NO",
    "connect_from_port_20=YES",
    // Whatever its name says, and whatever port it listens on.
    `ftp_data_port=${dataPort}`,
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
    "ssl_enable=YES",
    "allow_anon_ssl=YES",
    `implicit_ssl=${port === implicitTlsPort ? "YES" : "NO"}`,
    `rsa_cert_file=${tls.certificate}`,
    `rsa_private_key_file=${tls.key}`,
    "ssl_ciphers=HIGH",
    "",
  ].join("\n");
}

/** Newer versions ask DNS for the client's name and hang behind a firewall; older ones refuse the option. */
function noReverseLookup(): string[] {
  const option = "reverse_lookup_enable";
  const program = ["/usr/sbin/vsftpd", "/usr/bin/vsftpd"].find((path) => existsSync(path));
  return program !== undefined && readFileSync(program).includes(option) ? [`${option}=NO`] : [];
}
