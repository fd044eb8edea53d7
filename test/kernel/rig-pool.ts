import { Rig } from "./rig/rig.ts";
import type { GatewayInterfaces } from "./rig/topology.ts";

/** Rigs to be used in turns: one per layout and concurrent user. */
export class RigPool {
  readonly #idle = new Map<string, Rig[]>();
  readonly #all: Rig[] = [];

  /** Lends a rig to one user at a time. */
  async use<Result>(interfaces: GatewayInterfaces, action: (rig: Rig) => Promise<Result>): Promise<Result> {
    const { client, server, router = false } = interfaces;
    const key = `${client} ${server} ${router}`;
    const rig = this.#idle.get(key)?.pop() ?? (await this.#create(interfaces));
    try {
      return await action(rig);
    } finally {
      this.#idle.set(key, [...(this.#idle.get(key) ?? []), rig]);
    }
  }

  close(): void {
    for (const rig of this.#all) rig.close();
  }

  async #create(interfaces: GatewayInterfaces): Promise<Rig> {
    const rig = await Rig.create(interfaces);
    this.#all.push(rig);
    return rig;
  }
}
