import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeStubs } from "./stubs.ts";

const inside = fileURLToPath(new URL("inside.sh", import.meta.url));

/** A script and what stands around it when it is run. */
export interface Script {
  /** The file's name, `gateway.sh`. */
  readonly name: string;
  readonly text: string;
  readonly args?: readonly string[];
  /** Files beside it, by their names. */
  readonly files?: Readonly<Record<string, string>>;
}

/** One run of a firewall program by a script. */
export interface RecordedCall {
  readonly program: string;
  readonly status: number;
  /** What it read from standard input; "" where it reads none. */
  readonly input: string;
  readonly argv: readonly string[];
}

/** What came of running a script by the real shell with the real tools. */
export interface Reality {
  /** The shell's exit status; "timeout" where it had to be stopped. */
  readonly status: number | "timeout";
  readonly stderr: string;
  /** As `nft -s list ruleset`, `iptables-save` and `ip6tables-save` print it then. */
  readonly nft: string;
  readonly save: string;
  readonly save6: string;
  /** Only where they were asked for. */
  readonly calls: readonly RecordedCall[];
}

/** The folder in which scripts are run, with their files beside them. */
export const WORKSPACE = "/srv/firewall";

/** Milliseconds for one script. */
const PATIENCE = 20_000;

/** Runs scripts, each in namespaces of its own; what they write is gone afterwards. Needs root. */
export class ShellRig {
  readonly #folder = mkdtempSync(join(tmpdir(), "ftpfw-shell-"));
  #runs = 0;

  constructor() {
    writeStubs(join(this.#folder, "stubs"), false);
    writeStubs(join(this.#folder, "recording-stubs"), true);
  }

  /** `record`: note every run of a firewall program, which takes longer. */
  async run(script: Script, record = false): Promise<Reality> {
    const run = join(this.#folder, `run-${this.#runs++}`);
    const workspace = join(run, "workspace");
    mkdirSync(workspace, { recursive: true });
    symlinkSync(join(this.#folder, record ? "recording-stubs" : "stubs"), join(run, "stubs"));
    for (const [name, text] of Object.entries({ ...script.files, [script.name]: script.text })) {
      const path = join(workspace, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { mode: 0o755 });
    }
    const shell = shellOf(script.text);
    try {
      return await start([inside, run, ...shell, `${WORKSPACE}/${script.name}`, ...(script.args ?? [])]);
    } finally {
      rmSync(run, { recursive: true });
    }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The shell that a script's first line names, with its options: `["bash", "-e"]`; sh where it names none. */
export function shellOf(text: string): string[] {
  const [, program = "/bin/sh", options = ""] = /^#![ \t]*(\S+)[ \t]*(.*?)\r?\n/.exec(text) ?? [];
  const words = [program, ...options.split(/\s+/)].filter((word) => word !== "");
  const [shell = "sh", ...rest] = /\/env$/.test(words[0]!) ? words.slice(1) : words;
  // Debian's sh is dash; asking for it by name says so anywhere.
  return [/bash/.test(shell) ? "bash" : "dash", ...rest];
}

function start(args: readonly string[]): Promise<Reality> {
  return new Promise((resolve, reject) => {
    // The namespaces' first process ends with unshare, and all the others with it.
    const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child"];
    const child = spawn("unshare", [...namespaces, "sh", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: PATIENCE,
      killSignal: "SIGKILL",
    });
    const parts: Buffer[] = [];
    let complaints = "";
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      complaints += part;
    });
    child.once("error", reject);
    child.once("close", (status, signal) => {
      const output = Buffer.concat(parts).toString("utf8");
      if (signal === "SIGKILL") resolve({ ...NOTHING, status: "timeout", stderr: output });
      else if (output.split("\0").length < 5) {
        reject(new Error(`the namespace could not be made (exit status ${status}): ${complaints.trim()}`));
      } else resolve(readReality(output));
    });
  });
}

const NOTHING = { nft: "", save: "", save6: "", calls: [] } as const;

function readReality(output: string): Reality {
  const [status = "", stderr = "", nft = "", save = "", save6 = "", ...recorded] = output.split("\0");
  return { status: Number(status), stderr, nft, save, save6, calls: readCalls(recorded) };
}

function readCalls(parts: readonly string[]): RecordedCall[] {
  const calls: RecordedCall[] = [];
  for (let at = 0; at + 3 < parts.length; ) {
    const [program = "", status = "", input = "", count = ""] = parts.slice(at, at + 4);
    const end = at + 4 + Number(count);
    calls.push({ program, status: Number(status), input, argv: parts.slice(at + 4, end) });
    at = end;
  }
  return calls;
}
