import { DAEMON_NAMES, type Fact } from "../daemons/server-config.ts";
import type { KnownServer } from "../ftp/known-server.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import type { Span } from "../text/span.ts";
import type { Related } from "./check.ts";

/** The lines of a server's configuration that decide something; `absent`: what to say of a file without them. */
export function relatedLines(
  { path }: KnownServer,
  { places }: Fact<unknown>,
  message: string,
  absent: string,
): Related[] {
  if (places.length === 0) return [{ message: absent, origin: lineOrigin(path, { start: 0, end: 0 }) }];
  const [first] = places as [Fact<unknown>["places"][number]];
  return [{ message, origin: lineOrigin(first.path, first.line) }];
}

/** "vsftpd (etc/vsftpd.conf)". */
export function serverName({ daemon, path }: KnownServer): string {
  return `${DAEMON_NAMES[daemon]} (${path.split("/").pop() ?? path})`;
}

/** "50000-51000, 60000-60010". */
export function portsText({ bounds }: IntervalSet<number>): string {
  const texts: string[] = [];
  for (let i = 0; i < bounds.length; i += 2) {
    const [low, high] = [bounds[i]!, bounds[i + 1]! - 1];
    texts.push(low === high ? String(low) : `${low}-${high}`);
  }
  return texts.join(", ");
}

function lineOrigin(file: string, line: Span): Related["origin"] {
  return { file, statement: line, span: { start: 0, end: line.end - line.start }, frames: [] };
}
