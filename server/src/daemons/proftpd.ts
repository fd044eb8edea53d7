import type { IntervalSet } from "../model/interval-set.ts";
import { numbers, parseV4, UNPRIVILEGED_PORTS } from "../model/values.ts";
import { canPin } from "./passive-range.ts";
import type { Section, Sections, Setting } from "./proftpd-blocks.ts";
import { sectionsOf } from "./proftpd-blocks.ts";
import { proftpdProblems } from "./proftpd-problems.ts";
import { argument, atoi, forcesTls, readBoolean } from "./proftpd-values.ts";
import type { ConfigFile, Fact, FtpServer, Place, ServerConfig, Tls } from "./server-config.ts";

/**
 * Reads a proftpd.conf with the included files among `others`: mod_core, mod_auth's RootRevoke, mod_tls. Every
 * module is taken to be loaded. Never throws.
 */
export function readProftpd(file: ConfigFile, others: readonly ConfigFile[] = []): ServerConfig {
  const sections = sectionsOf(file, others);
  const shared = sharedOf(sections);
  const servers = [sections.main, ...sections.hosts].map((section) => serverOf(section, shared));
  return {
    daemon: "proftpd",
    path: file.path,
    // Port 0 switches a server off.
    servers: servers.filter((server) => server.controlPort.value !== 0),
    problems: proftpdProblems(sections),
    needs: sections.needs,
  };
}

type ByName = ReadonlyMap<string, readonly Setting[]>;

/** What counts for every server. */
interface Shared {
  /** Those of <Global>: of several blocks the last counts. */
  readonly globals: ByName;
  readonly globalsSometimes: ByName;
  readonly families: Fact<readonly (4 | 6)[]>;
}

function sharedOf({ main, globals }: Sections): Shared {
  const backwards = globals.toReversed();
  return {
    globals: byName(backwards.flatMap((section) => section.settings)),
    globalsSometimes: byName(backwards.flatMap((section) => section.sometimes)),
    families: familiesOf(byName(main.settings).get("useipv6")?.[0]),
  };
}

/** By name in lower case, in order. */
function byName(settings: readonly Setting[]): ByName {
  const named = new Map<string, Setting[]>();
  for (const setting of settings) {
    const name = setting.directive.name.text.toLowerCase();
    const same = named.get(name);
    if (same) same.push(setting);
    else named.set(name, [setting]);
  }
  return named;
}

/** The settings of one server by name. Of its own the first counts, and any of them before <Global>'s. */
class Lookup {
  readonly #own: ByName;
  readonly #ownSometimes: ByName;
  readonly #shared: Shared;

  constructor(own: Section, shared: Shared) {
    this.#own = byName(own.settings);
    this.#ownSometimes = byName(own.sometimes);
    this.#shared = shared;
  }

  first(name: string): Setting | undefined {
    return this.#own.get(name)?.[0] ?? this.#shared.globals.get(name)?.[0];
  }

  /** Those of <Global> when the server has none of its own. */
  all(name: string): readonly Setting[] {
    return this.#own.get(name) ?? this.#shared.globals.get(name) ?? [];
  }

  /** Those that only some sessions meet. */
  sometimes(name: string): readonly Setting[] {
    return this.#ownSometimes.get(name) ?? this.#shared.globalsSometimes.get(name) ?? [];
  }
}

function serverOf(section: Section, shared: Shared): FtpServer {
  const lookup = new Lookup(section, shared);
  const controlPort = controlPortOf(lookup);
  return {
    ...(section.name !== undefined && { name: section.name }),
    controlPort,
    families: shared.families,
    passivePorts: passivePortsOf(lookup),
    dataPort: dataPortOf(lookup, controlPort.value),
    tls: tlsOf(lookup),
    announced: announcedOf(lookup),
  };
}

function controlPortOf(lookup: Lookup): Fact<number> {
  const setting = lookup.first("port");
  const port = setting && atoi(argument(setting));
  return { value: port !== undefined && port >= 0 && port <= 65535 ? port : 21, places: placesOf(setting) };
}

function familiesOf(setting: Setting | undefined): Fact<readonly (4 | 6)[]> {
  return { value: isOff(setting) ? [4] : [4, 6], places: placesOf(setting) };
}

const KERNEL_CHOOSES =
  "Without PassivePorts the kernel chooses among its own range for outgoing ports, net.ipv4.ip_local_port_range: 32768 to 60999 unless set otherwise.";
const LAST_RESORT = "When none of these ports is free, ProFTPD takes any other.";

/** mod_core.c, core_pasv: a range, or port 0, which leaves the choice to the kernel. */
function passivePortsOf(lookup: Lookup): Fact<IntervalSet<number>> {
  const valid = lookup.all("passiveports").filter((one) => rangeOf(one) !== undefined);
  const [setting] = valid;
  const others = lookup.sometimes("passiveports").filter((one) => rangeOf(one) !== undefined);
  const places = [...placesOf(setting), ...others.map((one) => one.place)];
  if (!setting) return { value: UNPRIVILEGED_PORTS, places, note: KERNEL_CHOOSES };
  const ranges = [setting, ...others].map((one) => rangeOf(one)!);
  const value = ranges.reduce((all, { low, high }) => all.union(numbers(low, high)), numbers(0, -1));
  return { value, places, note: LAST_RESORT };
}

function rangeOf({ directive }: Setting): { low: number; high: number } | undefined {
  const [low, high] = directive.args.map((arg) => atoi(arg.text));
  if (low === undefined || high === undefined) return undefined;
  return canPin("proftpd", { low, high }) ? { low, high } : undefined;
}

/** data.c, data_active_open. Before 1.3.6 a server without RootRevoke used the port below the control port. */
function dataPortOf(lookup: Lookup, controlPort: number): Fact<number | "any" | "off"> {
  const setting = lookup.first("rootrevoke");
  const places = placesOf(setting);
  const revokes = setting && readBoolean(argument(setting));
  if (revokes === undefined) {
    const note = "Since version 1.3.6 ProFTPD uses any port, before that the one below the control port.";
    return setting ? { value: "any", places } : { value: "any", places, note };
  }
  const below = controlPort - 1;
  return { value: revokes && below < 1024 ? "off" : below, places };
}

/** mod_tls.c: set_tlsengine, set_tlsrequired, set_tlsoptions. */
function tlsOf(lookup: Lookup): Fact<Tls> {
  const engine = lookup.first("tlsengine");
  if (!engine || readBoolean(argument(engine)) !== true) return { value: "none", places: placesOf(engine) };
  const implicit = lookup.all("tlsoptions").find(({ directive }) => directive.args.some(isImplicit));
  if (implicit) return { value: "implicit", places: placesOf(engine, implicit) };
  const required = lookup.first("tlsrequired");
  const forces = required !== undefined && forcesTls(argument(required));
  return { value: forces ? "required" : "optional", places: placesOf(engine, required) };
}

function isImplicit({ text }: { readonly text: string }): boolean {
  return text === "UseImplicitSSL";
}

function announcedOf(lookup: Lookup): Fact<number | "own" | "unknown"> {
  const setting = lookup.first("masqueradeaddress");
  const others = lookup.sometimes("masqueradeaddress");
  const places = [...placesOf(setting), ...others.map((one) => one.place)];
  if (others.length > 0) return { value: "unknown", places };
  return { value: setting ? (parseV4(argument(setting)) ?? "unknown") : "own", places };
}

function placesOf(...settings: readonly (Setting | undefined)[]): Place[] {
  return settings.flatMap((setting) => (setting ? [setting.place] : []));
}

function isOff(setting: Setting | undefined): boolean {
  return setting !== undefined && readBoolean(argument(setting)) === false;
}
