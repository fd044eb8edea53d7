import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Certificate } from "../rig/certificate.ts";
import { endConnections } from "../rig/clean.ts";
import { killDescendants } from "../rig/command.ts";
import type { Lab, Running } from "./lab.ts";

export type ServerName = "vsftpd" | "pure-ftpd" | "proftpd" | "pyftpdlib";
export const serverNames: readonly ServerName[] = ["vsftpd", "pure-ftpd", "proftpd", "pyftpdlib"];

/** How a server is started; what is not given is left to it. */
export interface Setup {
  readonly port: number;
  readonly passive?: readonly [first: number, last: number];
  /** As an ordinary user. */
  readonly unprivileged?: boolean;
  /** Lines that its configuration has besides; pure-ftpd's are options. */
  readonly extra?: readonly string[];
  /** What becomes of the configuration before the server reads it; pure-ftpd's is a file then. */
  readonly edited?: (config: string) => string;
}

/** Debian allows one FTP server at a time, so these are unpacked beside the system by `scripts/install-ftp-servers.sh`. */
const unpacked = process.env.FTP_SERVERS ?? "/opt/ftp-firewall-servers";
const libraries = join(unpacked, "usr/lib", debianTriplet());
const pyftpdlib = join(unpacked, "usr/lib/python3/dist-packages");
const nobody = { uid: 65534, gid: 65534 };

const programs: Record<ServerName, string> = {
  vsftpd: join(unpacked, "usr/sbin/vsftpd"),
  "pure-ftpd": join(unpacked, "usr/sbin/pure-ftpd"),
  proftpd: join(unpacked, "usr/sbin/proftpd"),
  pyftpdlib: join(pyftpdlib, "pyftpdlib/__init__.py"),
};

function debianTriplet(): string {
  return process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
}

/** Why the servers cannot be tried; undefined where they can. */
export function missingServers(): string | undefined {
  const missing = serverNames.filter((name) => !existsSync(programs[name]));
  if (missing.length === 0) return undefined;
  return `not installed: ${missing.join(", ")}; as root on Debian: scripts/install-ftp-servers.sh`;
}

/** Debian's version of what was unpacked. */
export function serverVersion(name: ServerName): string {
  const debianPackage = {
    vsftpd: "vsftpd",
    "pure-ftpd": "pure-ftpd",
    proftpd: "proftpd-core",
    pyftpdlib: "python3-pyftpdlib",
  };
  const versions = readFileSync(join(unpacked, "versions"), "utf8").split("\n");
  return versions.find((line) => line.startsWith(`${debianPackage[name]} `))?.split(" ")[1] ?? "unknown";
}

/** Who may log in. */
export function credentials(name: ServerName): { user: string; password: string } {
  // vsftpd's other users are the system's.
  return name === "vsftpd" ? { user: "anonymous", password: "lab" } : { user: "lab", password: "lab" };
}

let started = 0;

/** Starts a server on the lab's server; undefined, with what it said, where it refuses. */
export async function startServer(lab: Lab, name: ServerName, setup: Setup): Promise<Running | string> {
  const folder = join(lab.folder, `${name}-${started++}`);
  mkdirSync(folder);
  if (setup.unprivileged) chownSync(folder, nobody.uid, nobody.gid);
  const command = commandOf(lab, name, setup, join(folder, "server"));
  const who = setup.unprivileged
    ? ["setpriv", `--reuid=${nobody.uid}`, `--regid=${nobody.gid}`, "--clear-groups"]
    : [];
  // Some close every descriptor that they might have, which Node's limit makes a matter of seconds.
  const daemon = lab.start("server", ["prlimit", "--nofile=1024", ...who, ...command], {
    LD_LIBRARY_PATH: libraries,
    PYTHONPATH: pyftpdlib,
  });
  if (await lab.untilListening(setup.port, daemon)) return daemon;
  await daemon.end();
  return daemon.output.trim();
}

export async function endServer(lab: Lab, daemon: Running, port: number): Promise<void> {
  // Sessions of vsftpd and proftpd are processes of their own.
  if (daemon.pid !== undefined) killDescendants(daemon.pid);
  await daemon.end();
  await lab.untilClosed(port);
  // Where connections linger on the port, proftpd waits for seconds.
  await lab.shell("server", endConnections);
}

function commandOf(lab: Lab, name: ServerName, setup: Setup, stem: string): string[] {
  switch (name) {
    case "vsftpd":
      return vsftpd(lab, setup, stem);
    case "pure-ftpd":
      return pureFtpd(lab, setup, stem);
    case "proftpd":
      return proftpd(lab, setup, stem);
    case "pyftpdlib":
      return pyftpdlibServer(lab, setup);
  }
}

function vsftpd(
  lab: Lab,
  { port, passive, unprivileged, extra = [], edited = asItIs }: Setup,
  stem: string,
): string[] {
  const file = `${stem}.conf`;
  const lines = [
    "listen=NO",
    // Both families.
    "listen_ipv6=YES",
    `listen_port=${port}`,
    "background=NO",
    ...(passive ? [`pasv_min_port=${passive[0]}`, `pasv_max_port=${passive[1]}`] : []),
    "anonymous_enable=YES",
    "no_anon_password=YES",
    "local_enable=NO",
    `anon_root=${lab.root}`,
    "seccomp_sandbox=NO",
    "isolate=NO",
    "isolate_network=NO",
    "xferlog_enable=NO",
    "connect_timeout=3",
    "secure_chroot_dir=/var/run/vsftpd/empty",
    ...(unprivileged ? ["run_as_launching_user=YES"] : ["one_process_model=YES"]),
    ...extra,
  ];
  writeFileSync(file, edited(`${lines.join("\n")}\n`));
  if (unprivileged) chownSync(file, nobody.uid, nobody.gid);
  return [programs.vsftpd, file];
}

function asItIs(config: string): string {
  return config;
}

function pureFtpd(lab: Lab, { port, passive, extra = [], edited }: Setup, stem: string): string[] {
  const [users, database] = [`${stem}.passwd`, `${stem}.pdb`];
  // What pure-pw makes of a password takes a second to check.
  const who = `${nobody.uid}:${nobody.gid}::${lab.root}/./`;
  writeFileSync(users, `lab:${passwordHash()}:${who}${":".repeat(12)}\n`);
  execFileSync(join(unpacked, "usr/bin/pure-pw"), ["mkdb", database, "-f", users], {
    env: { LD_LIBRARY_PATH: libraries },
  });
  chownSync(database, nobody.uid, nobody.gid);
  if (edited) {
    const file = `${stem}.conf`;
    const lines = [
      "NoAnonymous yes",
      "DontResolve yes",
      `PIDFile ${stem}.pid`,
      `PureDB ${database}`,
      `Bind ,${port}`,
      ...(passive ? [`PassivePortRange ${passive[0]} ${passive[1]}`] : []),
    ];
    writeFileSync(file, edited(`${lines.join("\n")}\n`));
    return [programs["pure-ftpd"], file];
  }
  const range = passive ? ["-p", `${passive[0]}:${passive[1]}`] : [];
  const general = ["-E", "-H", "-g", `${stem}.pid`, "-l", `puredb:${database}`];
  return [programs["pure-ftpd"], ...general, "-S", String(port), ...range, ...extra];
}

function proftpd(
  lab: Lab,
  { port, passive, unprivileged, extra = [], edited = asItIs }: Setup,
  stem: string,
): string[] {
  const [file, users] = [`${stem}.conf`, `${stem}.passwd`];
  writeFileSync(users, `lab:${passwordHash()}:${nobody.uid}:${nobody.gid}::${lab.root}:/bin/false\n`, {
    mode: 0o600,
  });
  const lines = [
    "ServerName lab",
    "ServerType standalone",
    "DefaultServer on",
    `Port ${port}`,
    "UseIPv6 on",
    ...(passive ? [`PassivePorts ${passive[0]} ${passive[1]}`] : []),
    "User nobody",
    "Group nogroup",
    "AuthOrder mod_auth_file.c",
    `AuthUserFile ${users}`,
    "RequireValidShell off",
    "UseReverseDNS off",
    "WtmpLog off",
    "TransferLog none",
    "SystemLog none",
    "DelayEngine off",
    `ControlsSocket ${stem}.sock`,
    "ControlsEngine off",
    `PidFile ${stem}.pid`,
    `ScoreboardFile ${stem}.score`,
    `ModulePath ${join(unpacked, "usr/lib/proftpd")}`,
    ...extra,
  ];
  writeFileSync(file, edited(`${lines.join("\n")}\n`));
  if (unprivileged) for (const path of [file, users]) chownSync(path, nobody.uid, nobody.gid);
  return [programs.proftpd, "-n", "-c", file];
}

function pyftpdlibServer(lab: Lab, { port, passive, extra }: Setup): string[] {
  // One server listens on one address.
  const host = extra?.[0] ?? "::";
  const script = fileURLToPath(new URL("pyftpdlib_server.py", import.meta.url));
  // pyftpdlib needs a Python that still has asyncore, as Debian's has.
  return ["/usr/bin/python3", script, JSON.stringify({ host, port, root: lab.root, passive })];
}

function passwordHash(): string {
  return execFileSync("openssl", ["passwd", "-5", "lab"], { encoding: "utf8" }).trim();
}

/** What a server's configuration needs for AUTH TLS; undefined where we have none that can. */
export function explicitTls(name: ServerName, { certificate, key }: Certificate): string[] | undefined {
  switch (name) {
    case "vsftpd":
      return [
        "ssl_enable=YES",
        "allow_anon_ssl=YES",
        `rsa_cert_file=${certificate}`,
        `rsa_private_key_file=${key}`,
      ];
    case "pure-ftpd": {
      const both = `${certificate}.both`;
      writeFileSync(both, readFileSync(key, "utf8") + readFileSync(certificate, "utf8"), { mode: 0o600 });
      return ["-Y", "1", "-2", both];
    }
    case "proftpd":
      return [
        "LoadModule mod_tls.c",
        "TLSEngine on",
        "TLSRequired off",
        `TLSECCertificateFile ${certificate}`,
        `TLSECCertificateKeyFile ${key}`,
      ];
    case "pyftpdlib":
      return undefined;
  }
}

/** The same for TLS from the first byte. */
export function implicitTls(name: ServerName, tls: Certificate): string[] | undefined {
  const lines = explicitTls(name, tls);
  if (lines === undefined) return undefined;
  if (name === "vsftpd") return [...lines, "implicit_ssl=YES", "connect_from_port_20=YES"];
  return name === "proftpd" ? [...lines, "TLSOptions UseImplicitSSL", "RootRevoke off"] : undefined;
}
