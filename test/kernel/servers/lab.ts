import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { usualInterfaces } from "../host.ts";
import { endConnections, flushRules, forgetConnections, forgetPaths } from "../rig/clean.ts";
import { type Finished, run } from "../rig/command.ts";
import { loadRuleset, type RulesetFile, stubs } from "../rig/ruleset-loader.ts";
import {
  build,
  folderStem,
  gatewayAddress,
  inNamespace,
  namespaceNames,
  type Place,
  places,
  removeAbandoned,
  removeNamespace,
} from "../rig/topology.ts";

export const content = "a small file, whole\n".repeat(40);

/** Ports that the server's kernel hands out; its own, so that they can be told from those of the client's kernel. */
export const serverPorts = { first: 33000, last: 33999 } as const;

/** Addresses that are not private, as far as a client can tell; no rig is reached by them otherwise. */
export const publicServer = "198.51.100.2";

/** Client, gateway and server, with nothing running on them. */
export class Lab {
  readonly folder = mkdtempSync(folderStem);
  /** What the servers serve. */
  readonly root = join(this.folder, "ftp");
  readonly #names = namespaceNames();
  readonly #running = new Set<ChildProcess>();
  readonly #close = () => this.close();

  static async create(): Promise<Lab> {
    removeAbandoned();
    const lab = new Lab();
    process.once("exit", lab.#close);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
    mkdirSync(lab.root);
    mkdirSync(stubs(lab.folder));
    chmodSync(lab.folder, 0o755);
    writeFileSync(join(lab.root, "small.txt"), content, { mode: 0o444 });
    chmodSync(lab.root, 0o555);
    await build(lab.#names, usualInterfaces);
    const { first, last } = serverPorts;
    await lab.shell("server", `echo ${first} ${last} > /proc/sys/net/ipv4/ip_local_port_range`);
    // No way to any name server: whoever asks for a name is told so at once.
    const router = gatewayAddress.server.ipv4;
    await lab.shell("server", `ip route del default; ip route add 10.1.0.0/24 via ${router}`);
    await lab.shell("server", `ip addr add ${publicServer}/32 dev eth0`);
    await lab.shell("gateway", `ip route add ${publicServer} dev ${usualInterfaces.server}`);
    return lab;
  }

  shell(place: Place, script: string): Promise<string> {
    return inNamespace(this.#names[place], script);
  }

  /** Runs a program to its end. */
  run(place: Place, command: readonly string[], timeoutMs = 60_000): Promise<Finished> {
    return run("ip", ["netns", "exec", this.#names[place], ...command], {
      cwd: this.folder,
      env: { ...process.env, HOME: this.folder, LC_ALL: "C" },
      timeoutMs,
    });
  }

  /** Starts a program that goes on. */
  start(place: Place, command: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    const child = spawn("ip", ["netns", "exec", this.#names[place], ...command], {
      cwd: this.folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#running.add(child);
    return new Running(child, () => this.#running.delete(child));
  }

  /** Waits until somebody listens on this port of the server, or is gone. */
  async untilListening(port: number, daemon: Running): Promise<boolean> {
    for (let attempt = 0; attempt < 200 && daemon.alive; attempt++) {
      if ((await this.listening(port)) !== "") return true;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return false;
  }

  async untilClosed(port: number): Promise<void> {
    while ((await this.listening(port)) !== "") await new Promise((resolve) => setTimeout(resolve, 25));
  }

  async listening(port: number): Promise<string> {
    return (await this.run("server", ["ss", "-Hltn", `sport = :${port}`])).stdout;
  }

  /** Nothing of the last ruleset is left; the daemons stay. */
  async reset(): Promise<void> {
    await Promise.all(
      places.map((place) =>
        this.shell(place, [endConnections, ...flushRules, forgetConnections, ...forgetPaths].join("\n")),
      ),
    );
  }

  async load(place: Place, files: readonly RulesetFile[]): Promise<void> {
    const { loaded, loadError } = await loadRuleset(this.#names[place], files, this.folder);
    if (!loaded) throw new Error(loadError);
  }

  close(): void {
    process.off("exit", this.#close);
    for (const child of this.#running) child.kill("SIGKILL");
    this.#running.clear();
    for (const place of places) removeNamespace(this.#names[place]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A program that was started, and what it wrote so far. */
export class Running {
  output = "";
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(child: ChildProcess, whenEnded: () => void) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
    this.#ended = new Promise((resolve) => {
      child.once("close", () => {
        whenEnded();
        resolve();
      });
    });
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async end(): Promise<void> {
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 500);
    await this.#ended;
    clearTimeout(timer);
  }
}
