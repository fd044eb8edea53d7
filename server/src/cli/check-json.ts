import type { ClassVerdict } from "../ftp/judgement.ts";
import { HOST_ADDRESSES } from "../ftp/scenario.ts";
import { rangesOf } from "../model/values.ts";
import type { Diagnostic, Fix, Service, SessionCase, SourceFile } from "../service.ts";
import { addressTexts } from "./address-text.ts";
import { portsEntry } from "./passing.ts";
import type { JsonPlace, Places, Report } from "./places.ts";
import { loadOrder } from "./places.ts";
import { decidingPlace, reasonOf } from "./reasons.ts";

/** What the document says of one file. */
interface FileEntry {
  readonly path: string;
  readonly dialect: string;
  /** The files of its host, where it has several. */
  readonly loadOrder?: readonly string[];
  readonly diagnostics: readonly object[];
  readonly sessions: readonly SessionEntry[];
  readonly incomplete?: string;
}

/** The contract's document for `check --format json`. */
export function checkDocument(service: Service, reports: readonly Report[]): object {
  const files = new Map<string, FileEntry>();
  for (const entry of reports.flatMap((report) => filesOf(service, report))) {
    const before = files.get(entry.path);
    files.set(entry.path, before ? joined(before, entry) : entry);
  }
  return { version: 1, files: [...files.values()] };
}

/** Of a file that several hosts have in common: what is found in it in any of them, and the sessions of the first. */
function joined(first: FileEntry, second: FileEntry): FileEntry {
  const all = [...first.diagnostics, ...second.diagnostics].map((one) => [JSON.stringify(one), one] as const);
  const sessions = first.sessions.length > 0 ? first.sessions : second.sessions;
  return { ...second, ...first, diagnostics: [...new Map(all).values()], sessions };
}

/** The host's own files and those that were given; of others (included, of the server) those where something is found. */
function filesOf(service: Service, report: Report): FileEntry[] {
  const { host, diagnostics, cases, incomplete } = report.analysis;
  const order = loadOrder(host);
  const own = host.files.map(({ source }) => source);
  const included = host.included.map(({ source }) => source);
  const judged = new Set([...own.map(({ path }) => path), ...report.given]);
  const found = new Set(diagnostics.map(({ place }) => place.path));
  const foreign = [...found].filter((path) => !order.includes(path)).map((path) => ({ ...own[0]!, path }));
  const others = [...included.filter(({ path }) => judged.has(path) || found.has(path)), ...foreign];
  others.sort((a, b) => (a.path < b.path ? -1 : 1));
  return [...own, ...others].map((source): FileEntry => {
    const { path, dialect } = source;
    return {
      path,
      dialect,
      ...(order.length > 1 && order.includes(path) ? { loadOrder: order } : {}),
      diagnostics: diagnostics
        .filter((one) => one.place.path === path)
        .map((one) => diagnosticEntry(service, report, one)),
      sessions: judged.has(path) ? sessionsOf(cases, source, report.places) : [],
      ...(judged.has(path) && incomplete !== undefined ? { incomplete } : {}),
    };
  });
}

function diagnosticEntry(service: Service, { analysis, places }: Report, diagnostic: Diagnostic): object {
  const { code, severity, refused, message, place, related, assumed } = diagnostic;
  return {
    code,
    severity,
    refused,
    message,
    range: places.range(place.path, place.span),
    ...(assumed ? { assumed: "default-deny" } : {}),
    related: related.map((one) => ({ message: one.message, ...places.of(one.place) })),
    fixes: service.fixesFor(analysis, diagnostic).fixes.map((fix) => fixEntry(fix, places)),
  };
}

function fixEntry({ title, kind, preferred, edits, note }: Fix, places: Places): object {
  return {
    title,
    kind,
    preferred,
    edits: edits.map(({ path, span, newText }) => ({ path, range: places.range(path, span), newText })),
    ...(note === undefined ? {} : { note }),
  };
}

/** One FTP session's verdict; see the contract's `sessions`. */
interface SessionEntry {
  readonly role: string;
  readonly mode: string;
  readonly family: "ipv4" | "ipv6";
  readonly verdict: string;
  /** "any", or addresses, prefixes and ranges. */
  readonly clients: "any" | readonly string[];
  /** Only where it is not 21. */
  readonly controlPort?: number;
  readonly passivePorts?: readonly (readonly [number, number])[];
  /** For active mode: pairs of the server's and the client's ports that pass. */
  readonly dataPorts?: readonly object[];
  readonly reason?: string;
  readonly at?: JsonPlace;
  readonly assumed?: "default-deny";
}

/** A host's sessions; of twins each lists those of its own IP version. */
function sessionsOf(cases: readonly SessionCase[], file: SourceFile, places: Places): SessionEntry[] {
  const own = file.dialect === "iptables-save" ? cases.filter((one) => one.family === file.family) : cases;
  const whole = new Set(own.filter((one) => !one.reading.fragment).map(kindOf));
  return own
    .filter((one) => !one.reading.fragment || !whole.has(kindOf(one)))
    .flatMap((one) => one.classes.map((each) => sessionEntry(one, each, places)));
}

function kindOf({ role, mode, family, scenario }: SessionCase): string {
  return `${role} ${mode} ${family} ${scenario.controlPort}`;
}

function sessionEntry(one: SessionCase, each: ClassVerdict, places: Places): SessionEntry {
  const { controlPort } = one.scenario;
  const at = decidingPlace(each.verdict);
  return {
    role: one.role,
    mode: one.mode,
    family: one.family === 4 ? "ipv4" : "ipv6",
    verdict: each.verdict.verdict,
    clients: clientsOf(each, one),
    ...(controlPort === 21 ? {} : { controlPort }),
    ...(one.mode === "passive"
      ? { passivePorts: rangesOf(each.passivePorts) }
      : { dataPorts: each.dataPorts.map((ports) => portsEntry(one, ports.source, ports.destination)) }),
    reason: reasonOf(each.verdict),
    at: at && places.of(at),
    ...(one.assumed ? { assumed: "default-deny" as const } : {}),
  };
}

function clientsOf(each: ClassVerdict, { family }: SessionCase): "any" | readonly string[] {
  const all = HOST_ADDRESSES[family];
  if (!each.clients || each.clients.bounds.join() === all.bounds.join()) return "any";
  return addressTexts(each.clients, family);
}
