import { DAEMON_NAMES, type Fact } from "../daemons/server-config.ts";
import type { KnownServer } from "../ftp/known-server.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import { rangesOf, rangeText } from "../model/values.ts";
import type { Span } from "../text/span.ts";
import type { Related } from "./check.ts";

/** The lines of a server's configuration that decide something; `absent`: what to say of a file without them. */
export function relatedLines(
  { path }: KnownServer,
  { places }: Fact<unknown>,
  message: string,
  absent?: string,
): Related[] {
  const [first] = places;
  if (first) return [{ message, origin: lineOrigin(first.path, first.line) }];
  return absent === undefined ? [] : [{ message: absent, origin: lineOrigin(path, { start: 0, end: 0 }) }];
}

/** "vsftpd (etc/vsftpd.conf)". */
export function serverName({ daemon, path }: KnownServer): string {
  return `${DAEMON_NAMES[daemon]} (${path.split("/").pop() ?? path})`;
}

/** "50000-51000, 60000-60010". */
export function portsText(ports: IntervalSet<number>): string {
  return rangesOf(ports).map(rangeText).join(", ");
}

function lineOrigin(file: string, line: Span): Related["origin"] {
  return { file, statement: line, span: { start: 0, end: line.end - line.start }, frames: [] };
}
