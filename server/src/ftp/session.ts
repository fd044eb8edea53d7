import type { Ruleset } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { ALL_PORTS } from "../model/values.ts";
import type { Ref } from "../netfilter/box.ts";
import { Box, constant, isSingle, variable } from "../netfilter/box.ts";
import type { Budget } from "../netfilter/budget.ts";
import type { Run } from "../netfilter/chain.ts";
import { newRun } from "../netfilter/chain.ts";
import type { Sender } from "../netfilter/conntrack.ts";
import type { Announcement } from "../netfilter/packet.ts";
import { FLAGS } from "../netfilter/packet.ts";
import type { State } from "../netfilter/state.ts";
import { assume, NO_PERMITS } from "../netfilter/state.ts";
import { serverOf } from "./destination.ts";
import { withoutNegligible } from "./negligible.ts";
import { discoverNeighbours, neighbourVariables } from "./neighbour-discovery.ts";
import type { Outcome } from "./outcome.ts";
import { publishedServers } from "./published.ts";
import type { Mode, Scenario } from "./scenario.ts";
import { transfer } from "./transfer.ts";
import { VARIABLES } from "./variables.ts";
import { Wire } from "./wire.ts";

/**
 * Plays one FTP session (RFC 959, 2428) through a host: address resolution for IPv6, login, PORT or PASV and
 * their IPv6 forms, the data connection with a file from server to client. The outcomes' boxes are disjoint
 * for equal assumptions and cover the scenario. Throws BudgetExceeded.
 */
export function playSession(ruleset: Ruleset, scenario: Scenario, budget: Budget): Outcome[] {
  return playModes(ruleset, scenario, [scenario.mode], budget).get(scenario.mode) ?? [];
}

/** The same session in several modes: they have the login in common. */
export function playModes(
  ruleset: Ruleset,
  scenario: Scenario,
  modes: readonly Mode[],
  budget: Budget,
): Map<Mode, Outcome[]> {
  const run = newRun(ruleset, scenario.helper, budget);
  return new Session(run, scenario).play(modes);
}

/** Nothing has been sent yet; every variable may have all values that the scenario leaves open. */
export function newSession(scenario: Scenario): State {
  const sets: Record<string, ValueSet> = {
    [VARIABLES.client]: scenario.client,
    [VARIABLES.dialed]: scenario.dialed,
    [VARIABLES.clientInterface]: scenario.clientInterface,
    [VARIABLES.serverInterface]: scenario.serverInterface,
    [VARIABLES.controlPort]: scenario.clientPorts,
    [VARIABLES.clientDataPort]: scenario.clientPorts,
    [VARIABLES.passivePort]: scenario.passivePorts,
    [VARIABLES.serverDataPort]: ALL_PORTS.subtract(scenario.passivePorts),
  };
  if (scenario.family === 6) Object.assign(sets, neighbourVariables(scenario));
  return {
    box: new Box(sets),
    packet: NO_PACKET,
    label: "",
    sender: "client",
    slot: "control",
    mark: 0,
    tracking: { kind: "none" },
    connections: {},
    assumptions: [],
    path: [],
    permits: NO_PERMITS,
    controlPermits: NO_PERMITS,
    helperRules: [],
  };
}

class Session {
  readonly #wire: Wire;

  constructor(run: Run, scenario: Scenario) {
    this.#wire = new Wire(run, scenario);
  }

  play(modes: readonly Mode[]): Map<Mode, Outcome[]> {
    let states: State[] = [newSession(this.#wire.scenario)];
    if (!this.#wire.scenario.assumeNeighbours) states = this.#neighbours(states);
    const open = this.#openControl(states);
    const login = this.#wire.takeOutcomes();
    return new Map(
      modes.map((mode) => {
        for (const state of open) {
          if (mode === "active") this.#active(state);
          else this.#passive(state);
        }
        return [mode, withoutNegligible([...login, ...this.#wire.takeOutcomes()])];
      }),
    );
  }

  /** What the first packet's way tells: client and server are different hosts on different sides. */
  #settled(state: State): State[] {
    const server = serverOf(state);
    let { box } = state;
    if (server && isSingle(box.values(server)) && !isSingle(this.#wire.scenario.client)) {
      // Rules for what a published server sends to itself are there for no client.
      const { outside } = box.split(variable(VARIABLES.client), box.values(server));
      if (!outside) return [];
      box = outside;
    }
    const { role, twoSided, family } = this.#wire.scenario;
    if (role !== "gateway" || !twoSided) return [{ ...state, box }];
    // Who comes by DNAT has dialled the published address, not the server's own.
    if (server && isSingle(box.values(server)) && state.connections.control?.dnat)
      box = without(box, VARIABLES.dialed, box.values(server));
    const [towardsClient, towardsServer] = [VARIABLES.clientInterface, VARIABLES.serverInterface];
    if (isSingle(box.get(towardsClient))) box = without(box, towardsServer, box.get(towardsClient));
    if (isSingle(box.get(towardsServer))) box = without(box, towardsClient, box.get(towardsServer));
    if (server && isSingle(box.values(server))) {
      for (const published of publishedServers(this.#wire.run.ruleset)) {
        const { address, from } = published;
        if (from && published.family === family && box.split(server, address).inside)
          box = without(box, towardsServer, from);
      }
    }
    return [{ ...state, box }];
  }

  #neighbours(states: State[]): State[] {
    const { passed, failed } = discoverNeighbours(this.#wire.run, states, this.#wire.scenario, {
      client: variable(VARIABLES.clientInterface),
      server: variable(VARIABLES.serverInterface),
    });
    for (const stop of failed) this.#wire.fail("no-control", "neighbour", stop);
    return passed;
  }

  #openControl(states: State[]): State[] {
    const syn = this.#wire.send(states, "client", "control", "SYN", this.#wire.control, FLAGS.syn);
    for (const stop of syn.stopped) this.#wire.fail("no-control", "control-open", stop);
    let current = syn.passed
      .flatMap((state) => this.#settled({ ...state, controlPermits: state.permits }))
      .filter((state) => !this.#wire.scenario.onlyPermitted || isPermitted(state));
    const exchange: [Sender, string, number][] = [
      ["server", "SYN+ACK", FLAGS.syn | FLAGS.ack],
      ["client", "ACK", FLAGS.ack],
      ["server", "220 greeting", FLAGS.psh | FLAGS.ack],
      ["client", "USER and PASS", FLAGS.psh | FLAGS.ack],
    ];
    for (const [sender, what, flags] of exchange) {
      current = this.#wire.step(current, sender, "control", what, this.#wire.control, flags, "no-control");
    }
    return current;
  }

  /** PORT or EPRT, then the server connects to the client. */
  #active(state: State): void {
    const { dataPort } = this.#wire.scenario;
    const named: Announcement = {
      command: this.#isExtended() ? "EPRT" : "PORT",
      addr: variable(VARIABLES.client),
      port: variable(VARIABLES.clientDataPort),
    };
    for (const after of this.#announce([state], "client", named)) {
      const heard = after.packet.announcement ?? named;
      const acknowledged = this.#wire.step(
        [after],
        "server",
        "control",
        "200",
        this.#wire.control,
        FLAGS.psh | FLAGS.ack,
        "blocked",
      );
      const peer = after.packet.saddr;
      for (const one of this.#fromOwnAddress(acknowledged, heard.addr ?? peer, peer, named.command)) {
        transfer(this.#wire, [one], "server", {
          saddr: serverOf(after) ?? this.#wire.control.daddr,
          sport: dataPort === "any" ? variable(VARIABLES.serverDataPort) : constant(dataPort),
          daddr: heard.addr ?? peer,
          dport: heard.port,
        });
      }
    }
  }

  #isExtended(): boolean {
    return this.#wire.scenario.family === 6 || this.#wire.scenario.commands === "extended";
  }

  /** Servers connect only to the host that the control connection comes from. */
  #fromOwnAddress(states: readonly State[], named: Ref, peer: Ref, command: string): State[] {
    const own: State[] = [];
    for (const state of states) {
      const { equal, different, open } = this.#wire.destination.compare(state.box, named, peer);
      if (equal) own.push({ ...state, box: equal });
      if (different) this.#refusePort({ ...state, box: different }, command);
      if (!open) continue;
      const fact = "whether the address that NAT gives the client is the one it names in its commands";
      const supposed = (holds: boolean) => assume(state, { key: "named address", fact, holds });
      own.push(supposed(true));
      this.#refusePort(supposed(false), command);
    }
    return own;
  }

  #refusePort(state: State, command: string): void {
    this.#wire.outcomes.push({
      verdict: "blocked",
      phase: "data",
      state,
      step: `${command} client -> server`,
      reason: `${command} names the client's private address: NAT changes the packet but, without the conntrack helper, not the address inside it, so the server refuses the command or connects to nowhere`,
    });
  }

  /** PASV or EPSV, then the client connects to the server. */
  #passive(state: State): void {
    const extended = this.#isExtended();
    const asked = this.#wire.step(
      [state],
      "client",
      "control",
      extended ? "EPSV" : "PASV",
      this.#wire.control,
      FLAGS.psh | FLAGS.ack,
      "blocked",
    );
    for (const one of asked) {
      const named: Announcement = {
        command: extended ? "229" : "227",
        addr: extended ? undefined : this.#announced(one),
        port: variable(VARIABLES.passivePort),
      };
      for (const after of this.#announce([one], "server", named)) {
        const heard = after.packet.announcement ?? named;
        for (const { from, daddr } of this.#dialled(after, heard.addr)) {
          transfer(this.#wire, [from], "client", {
            saddr: this.#wire.control.saddr,
            sport: variable(VARIABLES.clientDataPort),
            daddr,
            dport: heard.port,
          });
        }
      }
    }
  }

  /** What the server names in its 227 reply: its own address unless its configuration says another. */
  #announced({ packet }: State): Ref {
    const { announced } = this.#wire.scenario;
    return announced?.min === undefined ? packet.daddr : constant(announced.min);
  }

  /** Where the client connects to: the address it dialled before, or the one in the reply. */
  #dialled(state: State, named: Ref | undefined): { from: State; daddr: Ref }[] {
    const { daddr } = this.#wire.control;
    if (this.#wire.scenario.pasvAddress === "ignore" || !named) return [{ from: state, daddr }];
    const { equal, different, open } = this.#wire.destination.compare(state.box, named, daddr);
    const dialled: { from: State; daddr: Ref }[] = [];
    if (equal) dialled.push({ from: { ...state, box: equal }, daddr });
    const rest = different ?? open;
    if (rest) {
      const from = { ...state, box: rest };
      if (this.#wire.destination.isHairpin(from)) this.#refuseDirect(from);
      else dialled.push({ from, daddr: named });
    }
    return dialled;
  }

  #refuseDirect(state: State): void {
    this.#wire.outcomes.push({
      verdict: "blocked",
      phase: "data",
      state,
      step: "data SYN client -> server",
      reason:
        "the client follows the address in the 227 reply and connects to the server directly, past the firewall; the server refuses it, for the control connection comes from the firewall",
    });
  }

  /** Under TLS the helper sees only ciphertext: the announcement then never reaches it. */
  #announce(states: State[], sender: Sender, announcement: Announcement): State[] {
    const visible = this.#wire.scenario.tls === "none" ? announcement : undefined;
    const flags = FLAGS.psh | FLAGS.ack;
    const what = announcement.command;
    return this.#wire.step(states, sender, "control", what, this.#wire.control, flags, "blocked", visible);
  }
}

/** The box without some values of a variable, unless that would leave nothing. */
function without(box: Box, name: string, values: ValueSet): Box {
  return box.split(variable(name), values).outside ?? box;
}

/** Whether a rule, and not a policy alone, let the control connection in. */
export function isPermitted({ controlPermits, helperRules }: State): boolean {
  const { named, broadly, sentOn } = controlPermits;
  return named.length > 0 || broadly || sentOn.length > 0 || helperRules.length > 0;
}

const NO_PACKET: State["packet"] = {
  family: 4,
  l4proto: 0,
  saddr: constant(0),
  daddr: constant(0),
  flags: 0,
  multicast: false,
  pktType: 0,
};
