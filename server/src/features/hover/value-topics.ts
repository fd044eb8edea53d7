import type { ReferenceEntry } from "../../reference/entry.ts";
import { lookUp, lookUpIcmpType, lookUpProtocol } from "../../reference/lookup.ts";
import { servicePort } from "../../syntax/iptables/services.ts";
import { SERVICES } from "../../syntax/nftables/names.ts";
import type { Span } from "../../text/span.ts";
import { explain, type Topic, topic } from "./topic.ts";

/** Ports of FTP's control and data connections, plain and over TLS. */
export const FTP_PORTS: readonly number[] = [20, 21, 989, 990];

/** The fewest ports in a row that look like a passive range. */
const LEAST_RANGE = 8;

/** What values an option or selector takes. */
export type ValueKind =
  | "port"
  | "connection state"
  | "connection status"
  | "protocol"
  | "ICMP type"
  | "ICMPv6 type"
  | "TCP flag"
  | "helper"
  | "reject type"
  | "address type";

/** The explanation of one value; undefined when there is nothing to say about it. */
export function valueTopic(kind: ValueKind, text: string, span: Span): Topic | undefined {
  switch (kind) {
    case "port":
      return portTopic(text, span);
    case "connection state":
      return topic(span, text, lookUp(kind, text.toUpperCase()), text.toUpperCase() === "RELATED");
    case "connection status":
      return topic(span, text, lookUp(kind, text.toLowerCase().replaceAll("_", "-")));
    case "protocol":
      return topic(span, text, lookUpProtocol(text));
    case "ICMP type":
      return topic(span, text, lookUpIcmpType(text, 4));
    case "ICMPv6 type":
      return topic(span, text, lookUpIcmpType(text, 6));
    case "helper":
      return topic(span, text, helperEntry(text), /^ftp(-\d+)?$/.test(text));
    case "reject type":
      return topic(span, text, lookUp(kind, text) ?? rejectAlias(text));
    default:
      return topic(span, text, lookUp(kind, text.toUpperCase()));
  }
}

function helperEntry(text: string): ReferenceEntry | undefined {
  return lookUp("helper", /^ftp-\d+$/.test(text) ? "ftp" : text);
}

function rejectAlias(text: string): ReferenceEntry | undefined {
  const long: Record<string, string> = {
    "port-unreach": "icmp-port-unreachable",
    "host-unreach": "icmp-host-unreachable",
    "net-unreach": "icmp-net-unreachable",
    "admin-prohib": "icmp-admin-prohibited",
    "host-prohib": "icmp-host-prohibited",
    "net-prohib": "icmp-net-prohibited",
    "adm-prohibited": "icmp6-adm-prohibited",
    "no-route": "icmp6-no-route",
    "addr-unreach": "icmp6-addr-unreachable",
    "tcp-rst": "tcp-reset",
  };
  const key = Object.hasOwn(long, text) ? long[text] : undefined;
  return key === undefined ? undefined : lookUp("reject type", key);
}

export function portNumber(text: string): number | undefined {
  if (/^\d{1,5}$/.test(text)) return Number(text) <= 65535 ? Number(text) : undefined;
  return servicePort(text) ?? SERVICES.get(text);
}

/** A port, a service name or a range `a:b` or `a-b`. */
function portTopic(text: string, span: Span): Topic | undefined {
  const single = portNumber(text);
  if (single !== undefined) return singlePort(text, single, span);
  const ends = /^(\w[\w.]*)?[:-](\w[\w.]*)?$/.exec(text);
  if (!ends) return undefined;
  const low = ends[1] === undefined ? 0 : portNumber(ends[1]);
  const high = ends[2] === undefined ? 65535 : portNumber(ends[2]);
  if (low === undefined || high === undefined || low > high) return undefined;
  return portRange(text, low, high, span);
}

function singlePort(text: string, port: number, span: Span): Topic | undefined {
  const known = lookUp("port", `${port}`);
  const heading = text === `${port}` ? `port ${port}` : `${text}, port ${port}`;
  if (known) return topic(span, heading, known, FTP_PORTS.includes(port));
  return port > 1023 ? topic(span, heading, lookUp("port range", "unprivileged")) : undefined;
}

function portRange(text: string, low: number, high: number, span: Span): Topic | undefined {
  const count = `${high - low + 1} ports`;
  if (isPassiveRange(low, high)) {
    const key = low === 1024 && high === 65535 ? "unprivileged" : "passive";
    return topic(span, `${text}: ${count}`, lookUp("port range", key), true);
  }
  const inside = FTP_PORTS.filter((port) => low <= port && port <= high);
  const text1 = inside
    .flatMap((port) => lookUp("port", `${port}`) ?? [])
    .map((entry) => explain(`port ${entry.key}`, entry))
    .join("\n\n");
  return text1 === "" || high - low >= 10 ? undefined : { span, text: text1, ftp: true };
}

/** Whether an interval of ports may be what an FTP server uses in passive mode. */
export function isPassiveRange(low: number, high: number): boolean {
  return low >= 1024 && high - low + 1 >= LEAST_RANGE;
}
