import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { killDescendants } from "./command.ts";
import { type Addresses, serverAddress } from "./topology.ts";

/** vsftpd's whole passive range is one port: a range that is half open cannot pass by luck. */
export const passivePort = 50060;
/** Ports on which the server answers: the standard one, and the usual second choice. */
export const controlPorts: readonly number[] = [21, 2121];
/** Where TLS begins before FTP does. */
const implicitTlsPort = 990;

/** A file that can be fetched, and what it has to look like when it arrives. */
export interface Offered {
  readonly name: string;
  readonly digest: string;
  readonly size: number;
}

type Family = keyof Addresses;
const families: readonly Family[] = ["ipv4", "ipv6"];

/** vsftpd in the server's namespace: an instance per family and control port. Each of them speaks TLS if asked to. */
export class FtpServer {
  readonly small: Offered;
  readonly large: Offered;
  readonly #namespace: string;
  readonly #folder: string;
  readonly #root: string;
  readonly #certificate: Certificate;
  readonly #daemons = new Map<string, ChildProcess>();
  #announced: string | undefined;
  /** The source port of active data under implicit TLS, once that is offered. */
  #implicitDataPort: number | undefined;

  constructor(namespace: string, folder: string) {
    this.#namespace = namespace;
    this.#folder = folder;
    this.#root = join(folder, "ftp");
    this.#certificate = makeCertificate(folder);
    mkdirSync(this.#root);
    // vsftpd refuses to serve from a root that its anonymous user could write to, and must reach it.
    chmodSync(folder, 0o755);
    this.small = offer(this.#root, "small.txt", "a small file, whole\n".repeat(40));
    this.large = offer(this.#root, "large.bin", "0123456789abcdef".repeat(19_200));
    mkdirSync(join(this.#root, "upload"));
    chmodSync(join(this.#root, "upload"), 0o777);
    chmodSync(this.#root, 0o555);
    for (const port of controlPorts) for (const family of families) this.#start(family, port);
  }

  /** The address in 227, from now on; undefined: the server's own. */
  async announce(address: string | undefined): Promise<void> {
    if (address === this.#announced) return;
    this.#announced = address;
    for (const port of controlPorts) await this.#restart("ipv4", port);
    if (this.#implicitDataPort !== undefined) await this.#restart("ipv4", implicitTlsPort);
  }

  /** From now on the server also listens for TLS on port 990, and sends active data from this port. */
  async offerImplicitTls(dataPort: number): Promise<void> {
    if (dataPort === this.#implicitDataPort) return;
    this.#implicitDataPort = dataPort;
    for (const family of families) await this.#restart(family, implicitTlsPort);
  }

  /** Ends the sessions that are still open; the listening processes stay. */
  endSessions(): void {
    for (const { pid } of this.#daemons.values()) if (pid !== undefined) killDescendants(pid);
  }

  end(): void {
    this.endSessions();
    for (const daemon of this.#daemons.values()) daemon.kill("SIGKILL");
  }

  async #restart(family: Family, port: number): Promise<void> {
    const before = this.#daemons.get(`${family}-${port}`);
    if (before !== undefined) {
      const gone = once(before, "exit");
      before.kill("SIGKILL");
      await gone;
    }
    await listening(this.#start(family, port), family, port);
  }

  #start(family: Family, port: number): ChildProcess {
    const name = `${family}-${port}`;
    const file = join(this.#folder, `vsftpd-${name}.conf`);
    const lines = [...listeningLines(family, port), ...this.#lines(port)];
    writeFileSync(file, `${lines.join("\n")}\n`);
    const daemon = spawn("ip", ["netns", "exec", this.#namespace, "vsftpd", file], { stdio: "ignore" });
    this.#daemons.set(name, daemon);
    return daemon;
  }

  #lines(port: number): string[] {
    const implicit = port === implicitTlsPort;
    return [
      "background=NO",
      "connect_from_port_20=YES",
      // Whatever that option's name says, and whatever port it listens on.
      `ftp_data_port=${implicit ? this.#implicitDataPort : 20}`,
      `pasv_min_port=${passivePort}`,
      `pasv_max_port=${passivePort}`,
      ...(this.#announced === undefined ? [] : [`pasv_address=${this.#announced}`]),
      "anonymous_enable=YES",
      "no_anon_password=YES",
      "local_enable=NO",
      "write_enable=YES",
      "anon_upload_enable=YES",
      // A file that is sent a second time takes the place of the first.
      "anon_other_write_enable=YES",
      `anon_root=${this.#root}`,
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
      `implicit_ssl=${implicit ? "YES" : "NO"}`,
      `rsa_cert_file=${this.#certificate.certificate}`,
      `rsa_private_key_file=${this.#certificate.key}`,
      "ssl_ciphers=HIGH",
    ];
  }
}

/** Waits until a process, in its own namespace, has a listener. */
async function listening({ pid }: ChildProcess, family: Family, port: number): Promise<void> {
  const listener = new RegExp(`:${port.toString(16).toUpperCase().padStart(4, "0")} 0+:0000 0A`);
  const table = family === "ipv4" ? "net/tcp" : "net/tcp6";
  const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, "utf8");
  for (let attempt = 0; attempt < 500; attempt++) {
    // Until it is vsftpd itself, its network is not yet the namespace's.
    if (read("comm").trim() === "vsftpd" && listener.test(read(table))) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`vsftpd does not listen on port ${port}`);
}

function offer(root: string, name: string, text: string): Offered {
  writeFileSync(join(root, name), text, { mode: 0o444 });
  return { name, digest: createHash("sha256").update(text).digest("hex"), size: text.length };
}

function listeningLines(family: Family, port: number): string[] {
  const lines =
    family === "ipv4"
      ? ["listen=YES", "listen_ipv6=NO", `listen_address=${serverAddress.ipv4}`]
      : ["listen=NO", "listen_ipv6=YES", `listen_address6=${serverAddress.ipv6}`];
  return [...lines, `listen_port=${port}`];
}

/** Newer versions ask DNS for the client's name and hang behind a firewall; older ones refuse the option. */
function noReverseLookup(): string[] {
  const option = "reverse_lookup_enable";
  const program = ["/usr/sbin/vsftpd", "/usr/bin/vsftpd"].find((path) => existsSync(path));
  return program !== undefined && readFileSync(program).includes(option) ? [`${option}=NO`] : [];
}
