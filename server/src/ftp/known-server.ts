import type { Daemon, FtpServer, ServerConfig } from "../daemons/server-config.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import { numbers, rangesOf } from "../model/values.ts";
import type { IpFamily } from "../netfilter/packet.ts";
import type { Mode, Role, Scenario } from "./scenario.ts";

/** An FTP server whose configuration lies beside the rules. */
export interface KnownServer extends FtpServer {
  readonly daemon: Daemon;
  /** Its configuration file. */
  readonly path: string;
  /** The lines of its passive range are not what they look like: what it uses is not taken from them. */
  readonly doubtful: boolean;
}

export function knownServers(configs: readonly ServerConfig[]): KnownServer[] {
  return configs.flatMap(({ daemon, path, servers, problems }) =>
    servers.map((one) => {
      const doubtful = one.passivePorts.places.some((place) =>
        problems.some(
          ({ path: where, span }) =>
            where === place.path && span.start <= place.line.end && place.line.start <= span.end,
        ),
      );
      return { ...one, daemon, path, doubtful };
    }),
  );
}

/**
 * The server that sessions on a port are meant for. A client's firewall says nothing of which servers it talks to;
 * behind a gateway that publishes one, the port may be another one than the server's own. Two servers on one port are
 * none: which of them runs is not known.
 */
export function serverFor(
  servers: readonly KnownServer[],
  { role, port, family }: { readonly role: Role; readonly port: number; readonly family: IpFamily },
  publishes: boolean,
): KnownServer | undefined {
  if (role === "client" || (role === "gateway" && !publishes)) return undefined;
  const there = servers.filter(({ families }) => families?.value.includes(family) ?? true);
  const listening = there.filter((one) => one.controlPort.value === port);
  const fitting = listening.length === 0 && role === "gateway" ? there : listening;
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** The servers on one port, of which it is not known which runs. */
export function rivalsFor(servers: readonly KnownServer[], role: Role, port: number): readonly KnownServer[] {
  const listening = role === "client" ? [] : servers.filter((one) => one.controlPort.value === port);
  return listening.length > 1 ? listening : [];
}

/** Whether the server's configuration rules a mode out (`pasv_enable=NO`, `port_enable=NO`). */
export function offers(server: KnownServer, mode: Mode): boolean {
  return mode === "active" ? server.dataPort.value !== "off" : !server.passivePorts.value.isEmpty;
}

/** What of a scenario a server's configuration decides. */
export function factsOf(
  { passivePorts, dataPort, tls, announced, doubtful }: KnownServer,
  family: IpFamily,
): Partial<Scenario> {
  const names = family === 4 && typeof announced.value === "number" ? numbers(announced.value) : undefined;
  return {
    ...(!doubtful && { passivePorts: passivePorts.value, passiveRangeKnown: true }),
    ...(dataPort.value !== "off" && { dataPort: dataPort.value }),
    // Whoever may encrypt does: clients use what the server offers.
    tls: tls.value === "none" ? "none" : tls.value === "implicit" ? "implicit" : "explicit",
    ...(names && { announced: names }),
  };
}

/** More ports than these are no passive range that somebody chose. */
export const WIDEST_RANGE = 20_000;

/** The largest interval of a set of ports; undefined for an empty set. */
export function widestInterval(ports: IntervalSet<number>): { low: number; high: number } | undefined {
  let widest: { low: number; high: number } | undefined;
  for (const [low, high] of rangesOf(ports)) {
    if (!widest || high - low > widest.high - widest.low) widest = { low, high };
  }
  return widest;
}

/** The server's passive range as two ports; undefined where it is not one interval. */
export function rangeOf(ports: IntervalSet<number>): { low: number; high: number } | undefined {
  const { bounds } = ports;
  return bounds.length === 2 ? { low: bounds[0]!, high: bounds[1]! - 1 } : undefined;
}
