import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const cliFile = fileURLToPath(new URL("../../dist/cli.cjs", import.meta.url));

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A folder below this one to run in. */
  readonly cwd?: string;
}

/** A folder with files, in which the command line tool runs. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), "ftp-firewall-cli-"));

  write(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), content);
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), "utf8");
  }

  bytes(name: string): Buffer {
    return readFileSync(join(this.path, name));
  }

  run(args: readonly string[], { input = "", env = {}, cwd = "." }: RunOptions = {}): Finished {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cliFile, ...args], {
      cwd: join(this.path, cwd),
      input,
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    return { status, stdout, stderr };
  }

  /** Runs with `--format json` and reads the document; the shape is the test's to check. */
  json<Document>(
    args: readonly string[],
    options?: RunOptions,
  ): { status: number | null; document: Document } {
    const { status, stdout, stderr } = this.run([...args, "--format", "json"], options);
    if (stderr !== "") throw new Error(stderr);
    return { status, document: JSON.parse(stdout) as Document };
  }
}

/** Gives a test a folder of its own with these files. */
export function inFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  action: (folder: Folder) => void,
): void {
  const folder = new Folder();
  try {
    for (const [name, content] of Object.entries(files)) folder.write(name, content);
    action(folder);
  } finally {
    rmSync(folder.path, { recursive: true, force: true });
  }
}

/** Port 21 is open, its data connections are forgotten. */
export const BROKEN_V4 = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT
COMMIT
`;

export const BROKEN_V6 = BROKEN_V4.replace("-A INPUT -m", "-A INPUT -p ipv6-icmp -j ACCEPT\n-A INPUT -m");

export const BROKEN_NFT = `table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    tcp dport 21 accept
  }
}
`;

export const WORKING_NFT = `table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    tcp dport { 21, 50000-51000 } accept
  }
}
`;

export const BROKEN_SCRIPT = `#!/bin/sh
iptables -P INPUT DROP
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
`;
