import type { Finding } from "../checks/check.ts";
import type { SourceFile } from "../convert/host.ts";
import type { ConfigFile } from "../daemons/server-config.ts";
import { DAEMON_NAMES } from "../daemons/server-config.ts";
import { setPassivePorts } from "../daemons/set-passive-ports.ts";
import type { SessionCase } from "../ftp/judgement.ts";
import { rangeOf, WIDEST_RANGE } from "../ftp/known-server.ts";
import type { OpenedPorts } from "../ftp/opened-ports.ts";
import { rulesThatForward } from "../ftp/published.ts";
import { Changes } from "./changes.ts";
import type { Declined, Fix } from "./fix.ts";
import { blockedOutcome, sameCase } from "./session-outcomes.ts";

type Range = NonNullable<ReturnType<typeof rangeOf>>;

/** What a repair of the two ranges works on. */
export interface RangeRepair {
  readonly files: readonly SourceFile[];
  readonly serverFiles: readonly ConfigFile[];
  /** The host's sessions before the repair. */
  readonly cases: readonly SessionCase[];
  readonly finding: Finding;
  /** The ports that the rules open for a session. */
  readonly opened: (one: SessionCase) => OpenedPorts;
  /** The host's sessions with other texts. */
  readonly judge: (
    files: readonly SourceFile[],
    serverFiles: readonly ConfigFile[],
  ) => readonly SessionCase[];
}

/** Two ways to make the firewall's and the server's passive ports the same: the rules are changed, or the server. */
export function repairRange(repair: RangeRepair): { fixes: Fix[]; declined: Declined[] } {
  const both = [inTheRules(repair), inTheServer(repair)];
  return {
    fixes: both.filter((one): one is Fix => "edits" in one).map((one, i) => ({ ...one, preferred: i === 0 })),
    declined: both.filter((one): one is Declined => !("edits" in one)),
  };
}

/** What is open much wider may be open for more than FTP. */
const WIDEST_OPENED = 5000;

function inTheRules(repair: RangeRepair): Fix | Declined {
  const [one] = repair.finding.cases;
  const server = one?.server;
  const wanted = server && rangeOf(server.passivePorts.value);
  const declined = (reason: string): Declined => ({ kind: "ports", reason });
  if (!one || !server || !wanted) return declined("the server's passive ports are not one range");
  if (server.passivePorts.places.length === 0)
    return declined(
      "the server's configuration sets no passive range: pin the server to the ports that are open",
    );
  if (wanted.high - wanted.low > WIDEST_RANGE)
    return declined("the server uses too many ports to open them all: pin it to the ports that are open");
  for (const written of writtenRanges(repair, one)) {
    if (written.low === wanted.low && written.high === wanted.high) continue;
    if (written.high - written.low > WIDEST_OPENED) continue;
    const changes = withRange(repair, one, written, wanted);
    const files = repair.files.map((file, i) => ({ ...file, text: changes[i]!.text() }));
    const edits = changes.flatMap((each) => each.edits());
    if (edits.length === 0 || !isMended(repair, repair.judge(files, repair.serverFiles))) continue;
    return {
      title: `Open ${asText(wanted)}, the server's passive ports, instead of ${asText(written)}`,
      kind: "ports",
      preferred: false,
      edits,
    };
  }
  return declined(
    "the range that is open is not written in these rules alone, as first and last port: change it by hand",
  );
}

/** The ranges that the rules which open the ports name, in their text or by a name that only they use. */
function writtenRanges(repair: RangeRepair, one: SessionCase): Range[] {
  const whole = rangeOf(repair.opened(one).ports);
  const found: Range[] = whole ? [whole] : [];
  for (const place of placesOf(repair, one)) {
    const text = repair.files[place.file]!.text.slice(place.start, place.end);
    for (const [, low, high] of text.matchAll(/(?<![\w.])(\d{4,5})\s*[-:]\s*(\d{4,5})(?![\w.])/g)) {
      found.push({ low: Number(low), high: Number(high) });
    }
  }
  return found.filter(({ low, high }) => low >= 1024 && low <= high);
}

interface TextPlace {
  /** Index in the repair's files. */
  readonly file: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Where the range may be written: the rules that let the data through or send it on, and the definition of a name that
 * stands in one of them and nowhere else. Other rules with the same numbers have other purposes.
 */
function placesOf(repair: RangeRepair, one: SessionCase): TextPlace[] {
  const { rules, ports } = repair.opened(one);
  const concerned = [...rules, ...rulesThatForward(one.reading.ruleset, ports)];
  const places: TextPlace[] = [];
  for (const { origin } of concerned) {
    const file = repair.files.findIndex(({ path }) => path === origin.file);
    if (file < 0) continue;
    const { start, end } = origin.statement;
    places.push({ file, start, end });
    const text = repair.files[file]!.text.slice(start, end);
    for (const [, sign, name] of text.matchAll(/([$@])\{?([A-Za-z_]\w*)/g)) {
      const definition = definitionOf(repair.files, sign!, name!);
      if (definition) places.push(definition);
    }
  }
  return places;
}

/** The line or block that defines a variable or set, if it is used just once. */
function definitionOf(files: readonly SourceFile[], sign: string, name: string): TextPlace | undefined {
  const uses = new RegExp(`\\${sign}\\{?${name}\\b`, "g");
  const count = files.reduce((sum, { text }) => sum + [...text.matchAll(uses)].length, 0);
  if (count !== 1) return undefined;
  const pattern =
    sign === "@"
      ? new RegExp(`\\bset\\s+${name}\\s*\\{[^]*?\\}[^}]*\\}`)
      : new RegExp(`^[ \\t]*(?:define\\s+|export\\s+)?${name}\\s*=.*$`, "m");
  for (const [file, { text }] of files.entries()) {
    const found = pattern.exec(text);
    if (found) return { file, start: found.index, end: found.index + found[0].length };
  }
  return undefined;
}

function withRange(repair: RangeRepair, one: SessionCase, from: Range, to: Range): Changes[] {
  const places = placesOf(repair, one);
  return repair.files.map((file, index) => {
    const pattern = new RegExp(`(?<![\\w.])${from.low}(\\s*[-:]\\s*)${from.high}(?![\\w.])`, "g");
    const hits = [...file.text.matchAll(pattern)].filter((hit) =>
      places.some((place) => place.file === index && place.start <= hit.index && hit.index < place.end),
    );
    return hits
      .reverse()
      .reduce(
        (changes, hit) => changes.replace(hit.index, hit.index + hit[0].length, written(to, hit[1]!)),
        new Changes(file.path, file.text),
      );
  });
}

/** One port stands alone: multiport takes no range from a port to itself. */
function written({ low, high }: Range, separator: string): string {
  return low === high ? String(low) : `${low}${separator}${high}`;
}

function inTheServer(repair: RangeRepair): Fix | Declined {
  const [one] = repair.finding.cases;
  const server = one?.server;
  const open = one && rangeOf(repair.opened(one).ports);
  const declined = (reason: string): Declined => ({ kind: "server", reason });
  if (!server || !open) return declined("the ports that are open are not one range");
  const paths = [...new Set([...server.passivePorts.places.map(({ path }) => path), server.path])];
  for (const file of repair.serverFiles.filter(({ path }) => paths.includes(path))) {
    const edits = setPassivePorts(file, open);
    if (!edits || edits.length === 0) continue;
    const text = [...edits]
      .sort((a, b) => b.span.start - a.span.start)
      .reduce(
        (changes, { span, newText }) => changes.replace(span.start, span.end, newText),
        new Changes(file.path, file.text),
      )
      .text();
    const serverFiles = repair.serverFiles.map((each) =>
      each.path === file.path ? { ...each, text } : each,
    );
    if (!isMended(repair, repair.judge(repair.files, serverFiles))) continue;
    return {
      title: `Set the passive ports of ${DAEMON_NAMES[server.daemon]} to ${asText(open)}, which the firewall opens`,
      kind: "server",
      preferred: false,
      edits: edits.map((edit) => ({ ...edit, path: file.path })),
      note: `Restart ${DAEMON_NAMES[server.daemon]} for its new passive ports to take effect.`,
    };
  }
  return declined(`the configuration of ${DAEMON_NAMES[server.daemon]} cannot be set to ${asText(open)}`);
}

/** The finding's sessions pass, and none that passed before is lost. */
function isMended({ finding, cases }: RangeRepair, after: readonly SessionCase[]): boolean {
  const passes = (one: SessionCase) => {
    const now = sameCase(after, one);
    return now !== undefined && !blockedOutcome(now);
  };
  return finding.cases.every(passes) && cases.filter((one) => !blockedOutcome(one)).every(passes);
}

function asText(range: Range): string {
  return written(range, "-");
}
