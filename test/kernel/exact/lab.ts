import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RandomHost } from "../random/generate.ts";
import { flushRules, forgetConnections, forgetPaths } from "../rig/clean.ts";
import { loadRuleset, stubs } from "../rig/ruleset-loader.ts";
import type { Outcome } from "../rig/sessions.ts";
import { folderStem, forwardingOn, inNamespace, removeAbandoned, serverAddress } from "../rig/topology.ts";
import { Worker } from "../rig/worker.ts";
import { buildNetwork, type Network, networkNames, removeNetwork } from "./network.ts";
import type { Point } from "./points.ts";

const script = fileURLToPath(new URL("hosts.py", import.meta.url));

/** What became of one session; `error` where the rig could not try it. */
export interface PointResult {
  readonly outcome: Outcome | "error";
  readonly detail: string;
  /** The client's ports as they were; null where it got none. */
  readonly controlPort: number | null;
  readonly dataPort: number | null;
}

export interface LabResult {
  readonly refused?: string;
  /** In the points' order. */
  readonly results: readonly PointResult[];
}

/** Above one, so that a SYN may get lost; below three, when it comes for the third time. */
const usualPatience = 1.7;

/** A network in which hundreds of FTP sessions, each with ports of its own, go through one ruleset at once. */
export class Lab {
  readonly #network: Network = networkNames();
  readonly #folder = mkdtempSync(folderStem);
  #hosts: Worker | undefined;
  #firewalls: readonly string[] = [];

  static async create(): Promise<Lab> {
    removeAbandoned();
    const lab = new Lab();
    process.once("exit", () => lab.close());
    try {
      await lab.#start();
    } catch (error) {
      lab.close();
      throw error;
    }
    return lab;
  }

  async #start(): Promise<void> {
    mkdirSync(stubs(this.#folder));
    writeFileSync(join(stubs(this.#folder), "modprobe"), "#!/bin/sh\nexit 0\n");
    chmodSync(join(stubs(this.#folder), "modprobe"), 0o755);
    await buildNetwork(this.#network);
    const { server, clients } = this.#network;
    this.#hosts = new Worker(server, script, [server, ...clients]);
  }

  /** Starts clean, loads a ruleset, and plays a session for each point, all at once. */
  async tryPoints(
    { on, files }: RandomHost,
    points: readonly Point[],
    patience = usualPatience,
  ): Promise<LabResult> {
    await this.#reset();
    const { clients, gateway, server } = this.#network;
    const firewalls = { client: clients, gateway: [gateway], server: [server] }[on];
    this.#firewalls = firewalls;
    for (const namespace of firewalls) {
      const { loaded, loadError } = await loadRuleset(namespace, files, this.#folder);
      if (!loaded) return { refused: loadError ?? "no reason was given", results: [] };
    }
    if (this.#hosts === undefined) throw new Error("the lab is closed");
    return this.#hosts.ask<LabResult>({
      patience,
      server: { 4: serverAddress.ipv4, 6: serverAddress.ipv6 },
      points,
    });
  }

  /** The sessions have ended by themselves: no socket outlives its round. */
  async #reset(): Promise<void> {
    const { clients, gateway, server } = this.#network;
    await Promise.all(
      [...clients, gateway, server].map((name) =>
        inNamespace(
          name,
          [
            ...(this.#firewalls.includes(name) ? [...flushRules, forgetConnections] : []),
            ...forgetPaths,
            ...(name === gateway ? forwardingOn : []),
          ].join("\n"),
        ),
      ),
    );
    this.#firewalls = [];
  }

  close(): void {
    this.#hosts?.end();
    this.#hosts = undefined;
    removeNetwork(this.#network);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Labs to be used in turns, one for each concurrent user. */
export class LabPool {
  readonly #idle: Lab[] = [];
  readonly #all: Lab[] = [];

  async use<Result>(action: (lab: Lab) => Promise<Result>): Promise<Result> {
    const lab = this.#idle.pop() ?? (await this.#create());
    const result = await action(lab);
    // One whose action failed is not used again.
    this.#idle.push(lab);
    return result;
  }

  close(): void {
    for (const lab of this.#all) lab.close();
  }

  async #create(): Promise<Lab> {
    const lab = await Lab.create();
    this.#all.push(lab);
    return lab;
  }
}
