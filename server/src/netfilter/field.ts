import type { Field } from "../model/rule.ts";
import { CT_STATE, CT_STATUS } from "../model/rule.ts";
import type { Ref } from "./box.ts";
import { constant } from "./box.ts";
import type { Connection, Tuple } from "./conntrack.ts";
import type { Packet } from "./packet.ts";
import { ICMP, ICMPV6, RTN, TCP } from "./packet.ts";
import type { State } from "./state.ts";
import { connectionOf } from "./state.ts";

/** What a condition sees: a value, nothing (the condition then fails), or something the files do not say. */
export type FieldValue = Ref | "absent" | UnknownValue;

export interface UnknownValue {
  /** A noun phrase that completes "it depends on …". */
  readonly unknown: string;
  /** It is any of 65536 values, each as likely as the other: a checksum. */
  readonly arbitrary?: true;
}

/** The value of a field of the packet under way (kernel: nft_meta, nft_payload, nft_ct, xt_conntrack). */
export function fieldValue(state: State, field: Field): FieldValue {
  const { packet } = state;
  switch (field) {
    case "nfproto":
      return constant(packet.arp === undefined ? packet.family : NFPROTO_ARP);
    case "arpoperation":
      return packet.arp === undefined ? "absent" : constant(packet.arp);
    case "l4proto":
      return packet.arp === undefined ? constant(packet.l4proto) : "absent";
    case "iif":
      return packet.iif ?? constant("");
    case "oif":
      return packet.oif ?? constant("");
    case "saddr4":
      return isIp(packet, 4) ? packet.saddr : "absent";
    case "daddr4":
      return isIp(packet, 4) ? packet.daddr : "absent";
    case "saddr6":
      return isIp(packet, 6) ? packet.saddr : "absent";
    case "daddr6":
      return isIp(packet, 6) ? packet.daddr : "absent";
    case "sport":
      return packet.sport ?? (isIcmp(packet) ? constant((packet.icmpType ?? 0) << 8) : "absent");
    case "dport":
      return packet.dport ?? (isIcmp(packet) ? CHECKSUM : "absent");
    case "tcpflags":
      return packet.l4proto === TCP ? constant(packet.flags) : "absent";
    case "icmptype":
      return packet.l4proto === ICMP && packet.icmpType !== undefined ? constant(packet.icmpType) : "absent";
    case "icmpv6type":
      return packet.l4proto === ICMPV6 && packet.icmpType !== undefined
        ? constant(packet.icmpType)
        : "absent";
    case "hoplimit":
      if (packet.family !== 6) return "absent";
      return state.slot === "neighbour" ? constant(255) : { unknown: "the packet's hop limit" };
    case "mark":
      return known(state.mark, "the packet's mark");
    case "pkttype":
      return constant(packet.pktType);
    case "saddrtype":
      return known(packet.saddrType ?? RTN.unicast, "");
    case "daddrtype":
      if (packet.multicast) return constant(RTN.multicast);
      return known(
        packet.daddrType ?? "unknown",
        "whether the destination is an address of the firewall itself",
      );
    case "exthdr":
      return "absent";
    case "fragment":
      return constant(0);
    case "ctstate":
      return constant(stateCode(state));
    default:
      return connectionField(state, field);
  }
}

const NFPROTO_ARP = 3;

/** What stands where TCP has the destination port: nft's `th dport` looks there whatever the protocol. */
const CHECKSUM: UnknownValue = { unknown: "the checksum of an ICMP packet", arbitrary: true };

export function isIcmp({ l4proto, arp }: Packet): boolean {
  return arp === undefined && (l4proto === ICMP || l4proto === ICMPV6);
}

function isIp(packet: Packet, version: 4 | 6): boolean {
  return packet.family === version && packet.arp === undefined;
}

function known(value: number | "unknown", fact: string): FieldValue {
  return value === "unknown" ? { unknown: fact } : constant(value);
}

function stateCode(state: State): number {
  const { tracking } = state;
  if (tracking.kind === "untracked") return CT_STATE.untracked;
  if (tracking.kind === "tracked") return CT_STATE[tracking.state];
  // The template that -j CT has left counts as a new connection until conntrack takes it (nf_ct_get).
  return hasTemplate(state) ? CT_STATE.new : CT_STATE.invalid;
}

function hasTemplate({ tracking, templateHelper }: State): boolean {
  return tracking.kind === "none" && templateHelper !== undefined;
}

/** What nft_ct and xt_conntrack read from a template (nf_ct_tmpl_alloc, xt_ct_tg_check). */
function templateField(field: Field): FieldValue {
  switch (field) {
    case "ctdirection":
    case "ctmark":
      return constant(0);
    case "ctstatus":
      return constant(CT_STATUS.template | CT_STATUS.confirmed);
    case "cthelper":
      return "absent";
    default:
      // Its tuples and protocols are all zero.
      return constant(field.endsWith("addr6") ? 0n : 0);
  }
}

function connectionField(state: State, field: Field): FieldValue {
  if (hasTemplate(state)) return templateField(field);
  const connection = connectionOf(state);
  if (!connection || state.tracking.kind !== "tracked") return "absent";
  switch (field) {
    case "ctdirection":
      return constant(state.tracking.direction === "original" ? 0 : 1);
    case "ctstatus":
      return constant(statusBits(connection));
    case "ctmark":
      return known(connection.mark, "the connection's mark");
    case "cthelper":
      return connection.masterHelper === undefined ? "absent" : constant(connection.masterHelper);
    case "ctprotocol":
      return constant(TCP);
    case "ctl3proto":
      return constant(connection.family);
    default:
      return tupleField(connection, field);
  }
}

function statusBits(connection: Connection): number {
  return (
    (connection.expected ? CT_STATUS.expected : 0) |
    (connection.seenReply ? CT_STATUS["seen-reply"] : 0) |
    (connection.assured ? CT_STATUS.assured : 0) |
    (connection.confirmed ? CT_STATUS.confirmed : 0) |
    (connection.snat ? CT_STATUS.snat : 0) |
    (connection.dnat ? CT_STATUS.dnat : 0) |
    (connection.natSource ? CT_STATUS["snat-done"] : 0) |
    (connection.natDestination ? CT_STATUS["dnat-done"] : 0) |
    (connection.helperAssigned ? CT_STATUS.helper : 0)
  );
}

const TUPLE_FIELD = /^ct(orig|repl)([sd])(addr4|addr6|port)$/;

function tupleField(connection: Connection, field: Field): FieldValue {
  const parts = TUPLE_FIELD.exec(field);
  if (!parts) return { unknown: `the value of ${field}` };
  const [, which, end, kind] = parts;
  if (kind === "addr4" && connection.family !== 4) return "absent";
  if (kind === "addr6" && connection.family !== 6) return "absent";
  const tuple = which === "orig" ? connection.original : connection.reply;
  const name = `${end}${kind === "port" ? "port" : "addr"}` as keyof Tuple;
  return tuple[name];
}
