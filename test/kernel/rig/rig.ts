import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endConnections, flushRules, forgetConnections, forgetPaths } from "./clean.ts";
import { FtpServer } from "./ftp-server.ts";
import { probePorts, type Reachable } from "./probe.ts";
import { type Backend, type Loading, loadRuleset, type RulesetFile, stubs } from "./ruleset-loader.ts";
import { type Conversation, runSessions, type SessionResults } from "./sessions.ts";
import {
  type Addresses,
  build,
  folderStem,
  forwardingOn,
  type GatewayInterfaces,
  inNamespace,
  type Names,
  namespaceNames,
  type Place,
  places,
  removeAbandoned,
  removeNamespace,
  serverAddress,
} from "./topology.ts";
import { Worker } from "./worker.ts";

export interface Trial {
  /** The host that the ruleset is loaded on. */
  readonly on: Place;
  readonly files: readonly RulesetFile[];
  /** What the client dials: the server, or the gateway that forwards to it. */
  readonly connectTo?: Addresses;
  readonly controlPort?: number;
  /** iptables-nft unless told otherwise. */
  readonly backend?: Backend;
  /**
   * MTU of a link on the way which neither host is attached to; at least 1280 for IPv6. Below 1500 the file has many
   * full packets, so that the path's MTU must be discovered: by the server, or by the client where it sends the file.
   */
  readonly mtu?: number;
  readonly upload?: boolean;
  /** How client and server talk, where it is not the plain session. */
  readonly session?: Conversation;
}

export interface TrialResult extends Loading {
  /** Without a loaded ruleset there are no sessions. */
  readonly sessions?: SessionResults;
}

const patience = 1.3;
const probePatience = 0.5;
const usualMtu = 1500;

/** Every rig that is alive; a process that goes down takes them along. */
const living = new Set<Rig>();
let watching = false;

/** Three namespaces with an FTP server and client, in which one ruleset after the other is tried. */
export class Rig {
  readonly #names: Names;
  readonly #folder: string;
  readonly #interfaces: GatewayInterfaces;
  /** The link that is narrower than usual: its namespace and device. */
  #narrow: readonly [namespace: string, device: string] | undefined;
  #firewall: Place | undefined;
  #workers: Record<Place, Worker> | undefined;
  #server: FtpServer | undefined;

  private constructor(interfaces: GatewayInterfaces) {
    this.#interfaces = interfaces;
    this.#names = namespaceNames();
    this.#folder = mkdtempSync(folderStem);
  }

  /** Builds a rig; the gateway's interfaces are `lan0` (client side) and `wan0` unless told otherwise. */
  static async create(interfaces: GatewayInterfaces = { client: "lan0", server: "wan0" }): Promise<Rig> {
    removeAbandoned();
    const rig = new Rig(interfaces);
    tearDownAtExit(rig);
    try {
      await rig.#start();
    } catch (error) {
      rig.close();
      throw error;
    }
    return rig;
  }

  async #start(): Promise<void> {
    mkdirSync(stubs(this.#folder));
    writeFileSync(join(stubs(this.#folder), "modprobe"), "#!/bin/sh\nexit 0\n");
    chmodSync(join(stubs(this.#folder), "modprobe"), 0o755);
    await build(this.#names, this.#interfaces);
    this.#server = new FtpServer(this.#names.server, this.#folder);
    this.#workers = {
      client: new Worker(this.#names.client),
      gateway: new Worker(this.#names.gateway),
      server: new Worker(this.#names.server),
    };
    await this.#untilItWorks();
  }

  /** The daemons take a moment to listen. */
  async #untilItWorks(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const { sessions } = await this.tryRuleset({ on: "server", files: [] });
      const broken = Object.values(sessions!).filter((session) => session.outcome !== "works");
      if (broken.length === 0) return;
      if (attempt === 20) throw new Error(`FTP fails without any firewall: ${broken[0]!.detail}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Starts clean, loads a ruleset, and makes the four sessions through it. It stays loaded. */
  async tryRuleset(trial: Trial): Promise<TrialResult> {
    await this.reset();
    await this.#setMtu(trial);
    this.#firewall = trial.on;
    const loading = await loadRuleset(this.#names[trial.on], trial.files, this.#folder, trial.backend);
    if (!loading.loaded) return loading;
    const server = this.#running(this.#server);
    await server.announce(dotted(trial.session?.announced?.[4]));
    const { tls, dataPort = 20 } = trial.session ?? {};
    if (tls === "implicit" && dataPort !== "any") await server.offerImplicitTls(dataPort);
    const sessions = await runSessions(this.#running(this.#workers).client, {
      connectTo: trial.connectTo ?? serverAddress,
      port: trial.controlPort ?? 21,
      conversation: trial.session,
      file: this.#narrow ? server.large : server.small,
      upload: trial.upload,
      patience,
    });
    return { ...loading, sessions };
  }

  /**
   * What a stranger reaches through the ruleset that is loaded. Sessions are forgotten first:
   * the ports that they expect are not open to strangers, yet the probe also uses the peer's address.
   */
  async probe(on: Place): Promise<Reachable> {
    this.#running(this.#server).endSessions();
    await this.#inEach((place) => [endConnections, ...(place === on ? [forgetConnections] : [])]);
    return probePorts(this.#running(this.#workers), on, probePatience);
  }

  /** Leaves nothing of the last trial: sessions, rules of both worlds, connections, neighbours. */
  async reset(): Promise<void> {
    this.#running(this.#server).endSessions();
    // Only the host that had a ruleset has rules and tracks connections.
    const firewall = this.#firewall;
    await this.#inEach((place) => [
      endConnections,
      ...(place === firewall ? [...flushRules, forgetConnections] : []),
      ...forgetPaths,
      ...(place === "gateway" ? forwardingOn : []),
    ]);
    this.#firewall = undefined;
  }

  /** Runs shell lines on one host, for measurements that need more than a ruleset. */
  shell(place: Place, script: string): Promise<string> {
    return inNamespace(this.#names[place], script);
  }

  /** Takes everything down, at once and synchronously. */
  close(): void {
    if (!living.delete(this)) return;
    if (this.#workers) for (const place of places) this.#workers[place].end();
    this.#server?.end();
    for (const name of Object.values(this.#names)) removeNamespace(name);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #setMtu({ mtu = usualMtu, upload }: Trial): Promise<void> {
    if (this.#narrow) await setMtu(this.#narrow, usualMtu);
    this.#narrow = mtu < usualMtu ? this.#lastLink(upload ? "server" : "client") : undefined;
    if (this.#narrow) await setMtu(this.#narrow, mtu);
  }

  /** The device through which packets leave the last router before `end`. */
  #lastLink(end: "client" | "server"): readonly [namespace: string, device: string] {
    if (end === "client" && this.#interfaces.router) return [this.#names.between, "client"];
    return [this.#names.gateway, this.#interfaces[end]];
  }

  async #inEach(lines: (place: Place) => readonly string[]): Promise<void> {
    await Promise.all(places.map((place) => inNamespace(this.#names[place], lines(place).join("\n"))));
  }

  #running<Part>(part: Part | undefined): Part {
    if (part === undefined || !living.has(this)) throw new Error("the rig is not running");
    return part;
  }
}

function setMtu([namespace, device]: readonly [string, string], mtu: number): Promise<string> {
  return inNamespace(namespace, `ip link set ${device} mtu ${mtu}`);
}

function dotted(address: number | undefined): string | undefined {
  return address === undefined ? undefined : [24, 16, 8, 0].map((bits) => (address >>> bits) & 255).join(".");
}

function tearDownAtExit(rig: Rig): void {
  living.add(rig);
  if (watching) return;
  watching = true;
  const closeAll = () => {
    for (const each of [...living]) each.close();
  };
  process.once("exit", closeAll);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      closeAll();
      process.exit(1);
    });
  }
}
