import type { Family } from "../../model/ruleset.ts";
import type { Field } from "./fields.ts";
import type { Layer } from "./headers.ts";
import type { Shown } from "./scope.ts";
import { notListed } from "./text.ts";

/*
 * What loading and listing do to the order of a rule's statements, and which of them go without saying. Measured with
 * nft 1.0.6: neighbouring fields are loaded at once, so they come out in the order of the header; and a test of the
 * protocol is left out where a field of that protocol follows.
 */

/** The statements of a rule as `nft list ruleset` shows them. */
export function settle(statements: readonly Shown[], family: Family): Shown[] {
  return leaveOutImplied(joinNeighbours(statements), family);
}

// Neighbouring fields

const LAYERS: readonly Layer[] = ["ll", "nh", "th"];

/** Groups of comparisons that the kernel makes at once stand where their first field stood, or the one that names a protocol. */
function joinNeighbours(statements: readonly Shown[]): Shown[] {
  const places = statements.flatMap(({ plain }, at) => (plain?.layer ? [{ field: plain, at }] : []));
  if (places.length < 2) return [...statements];
  places.sort((a, b) => position(a.field) - position(b.field) || a.at - b.at);
  const moved = new Map<number, number[]>();
  const gone = new Set<number>();
  for (const group of groups(places)) {
    if (group.length < 2) continue;
    // `th dport` before a field of another protocol: nft prints raw bytes or a third field.
    if (new Set(group.map(({ field }) => field.header)).size > 1 && group[0]!.field.layer === "th")
      notListed("how nft prints fields of several protocols");
    const anchor = group.find(({ field }) => field.names) ?? group[0]!;
    moved.set(
      anchor.at,
      group.map(({ at }) => at),
    );
    for (const { at } of group) gone.add(at);
  }
  return statements.flatMap((statement, at) => {
    const group = moved.get(at);
    if (group) return group.map((one) => joined(statements[one]!));
    return gone.has(at) ? [] : [statement];
  });
}

function joined(statement: Shown): Shown {
  return statement.joined === undefined ? statement : { ...statement, text: statement.joined };
}

/** A VLAN header lies behind the Ethernet header. */
function start({ header, offset }: Field): number {
  return (offset ?? 0) + (header === "vlan" ? 112 : 0);
}

function position(field: Field): number {
  return LAYERS.indexOf(field.layer!) * 10_000 + start(field);
}

interface Place {
  readonly field: Field;
  readonly at: number;
}

function groups(places: readonly Place[]): Place[][] {
  const found: Place[][] = [];
  let bits = 0;
  for (const place of places) {
    const group = found[found.length - 1];
    const last = group?.[group.length - 1];
    const size = place.field.bits ?? 0;
    if (group && last && joins(last.field, bits, place.field)) {
      group.push(place);
      bits += size;
    } else {
      found.push([place]);
      bits = size;
    }
  }
  return found;
}

/** A register holds 128 bits; up to 32 the kernel compares faster, so nft joins no further, but for the link layer. */
function joins(last: Field, bits: number, next: Field): boolean {
  if (last.layer !== next.layer || start(last) + (last.bits ?? 0) !== start(next)) return false;
  const size = next.bits ?? 0;
  const total = bits + size;
  if (total > 128) return false;
  return total <= 32 || last.layer === "ll" || bits > 32 || size > 32;
}

// What goes without saying

function leaveOutImplied(statements: readonly Shown[], family: Family): Shown[] {
  const dropped = new Set<Shown>();
  let pinned: Partial<Record<Layer | "type", Shown>> = {};
  const release = (layer: Layer | "type") => {
    const pin = pinned[layer];
    if (pin) dropped.add(pin);
    delete pinned[layer];
  };
  for (const [at, statement] of statements.entries()) {
    for (const field of statement.fields) {
      if (!field.layer || (!field.header && field.offset !== undefined)) continue;
      releaseFor(field.layer, field, pinned, family, release);
    }
    const { pins, implies } = statement;
    if (implies) release(implies);
    if (pins) {
      impliedByProtocol(statement, pinned, family, release);
      if (pins.type === undefined) pinned[pins.layer] = statement;
      else pinned.type = statement;
      if (redundantInFamily(statement, family) && at < statements.length - 1) dropped.add(statement);
    }
    if (statement.ends) pinned = {};
  }
  return statements.filter((statement) => !dropped.has(statement));
}

function releaseFor(
  layer: Layer,
  field: Field,
  pinned: Partial<Record<Layer | "type", Shown>>,
  family: Family,
  release: (layer: Layer | "type") => void,
): void {
  if (layer === "th" && pinned.type && TYPED.has(field.text)) release("type");
  const pin = pinned[layer];
  if (!pin) return;
  // `ip protocol tcp` restricts the family as well, where there are several.
  const several = family === "inet" || family === "bridge" || family === "netdev";
  // An option of TCP makes nft forget that.
  const keeps = layer === "th" && several && field.elsewhere === undefined;
  if (keeps && /^ip6? /.test(pin.text)) return;
  release(layer);
}

/** Fields that leave out the test of their ICMP type: only one type has them. */
const TYPED = new Set([
  "icmp mtu",
  "icmp gateway",
  "icmpv6 mtu",
  "icmpv6 parameter-problem",
  "icmpv6 max-delay",
]);

/** A test of `icmp` tells IPv4; in tables of one family a test of the protocol tells what the table is for. */
function impliedByProtocol(
  { pins }: Shown,
  pinned: Partial<Record<Layer | "type", Shown>>,
  family: Family,
  release: (layer: Layer) => void,
): void {
  if (pins?.layer === "nh" && pinned.ll?.pins?.header === "ether") release("ll");
  if (pins?.layer !== "th" || pins.type !== undefined) return;
  const network = pinned.nh?.pins?.header;
  const one = family === "ip" || family === "ip6";
  const told = one ? family : pins.header === "icmp" ? "ip" : pins.header === "icmpv6" ? "ip6" : undefined;
  if (network !== undefined && network === told) release("nh");
}

/** `meta protocol ip` in a table of IPv4; it stays where nothing follows. */
function redundantInFamily({ text, pins }: Shown, family: Family): boolean {
  return text.startsWith("meta protocol ") && pins?.header === family;
}
