import { divided, IntervalSet } from "../model/interval-set.ts";
import type { ValueSet } from "../model/values.ts";
import type { AddressOrder } from "./address-order.ts";
import { firstMatches, NO_LABEL } from "./address-order.ts";
import type { Member } from "./lists.ts";
import { isWide } from "./lists.ts";

type Addresses = IntervalSet<never>;
type Ports = IntervalSet<number>;

/** What becomes of the packets of some interfaces. */
export interface LinkPart {
  /** Absent: all that no other part has; it comes last. */
  readonly links?: ValueSet;
  readonly parts: readonly PortPart[];
}

/** What becomes of the packets to some ports, by their addresses. */
export interface PortPart {
  /** Absent: all that no other part has; it comes last. */
  readonly ports?: ValueSet;
  /** Disjoint. */
  readonly byAddress: readonly { readonly addresses: ValueSet; readonly outcomes: Outcomes }[];
  /** Of all other addresses. */
  readonly otherwise: Outcomes;
}

/**
 * What may become of them, in bits: PASS to go on behind the list, `labelBit` for what a label decides. More than one
 * bit: that was not followed, since the list tells too many ports apart.
 */
export type Outcomes = number;
export const PASS = 1;
export const labelBit = (label: number): Outcomes => 2 << label;

/** Ports that a list treats alike, and which of its rules are for them. */
interface PortClass {
  readonly ports: Ports;
  readonly wide: number;
  readonly rules: readonly number[];
}

/** So many classes of ports are followed exactly. */
const MOST_CLASSES = 16;

const ALL = IntervalSet.interval(0, 65536);

/** Divides interfaces, then ports, then addresses by what the first matching rule decides. */
export function partByLink(members: readonly Member[], order: AddressOrder, count: number): LinkPart[] {
  const sets: IntervalSet<string>[] = [];
  for (const { links } of members) {
    if (links && !sets.some((one) => one.equals(links))) sets.push(links);
  }
  const others: LinkPart = {
    parts: partByPort(
      members.filter((one) => !one.links),
      order,
      count,
    ),
  };
  const found: LinkPart[] = [];
  for (const region of divided(sets)) {
    const concerned = members.filter(({ links }) => !links || region.isSubsetOf(links));
    const parts = partByPort(concerned, order, count);
    if (sameParts(parts, others.parts)) continue;
    const at = found.findIndex((one) => sameParts(one.parts, parts));
    if (at < 0) found.push({ links: region, parts });
    else found[at] = { parts, links: region.union(found[at]!.links as IntervalSet<string>) };
  }
  return [...found, others];
}

function sameParts(a: readonly PortPart[], b: readonly PortPart[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, i) => {
      const other = b[i]!;
      const samePorts = one.ports
        ? other.ports && (one.ports as Ports).equals(other.ports as Ports)
        : !other.ports;
      return samePorts && sameDivision(one, other);
    })
  );
}

/** Divides ports, then addresses, by what the first matching rule decides. `count`: how long the chain is. */
function partByPort(members: readonly Member[], order: AddressOrder, count: number): PortPart[] {
  const wide = wideSets(members);
  const classes = narrowClasses(members, wide);
  const named = IntervalSet.unionOf(classes.map((one) => one.ports));
  const exact = classes.length <= MOST_CLASSES;
  const divide = (has: (member: Member) => boolean) => divideAddresses(members, has, order, count);
  const parts: PortPart[] = [];
  if (exact) {
    for (const one of classes) {
      const rules = new Set(one.rules);
      const has = (member: Member) => isFor(member, rules, one.wide, wide);
      parts.push({ ports: one.ports, ...divide(has) });
    }
  } else parts.push(...lumped(members, classes, wide, order, count));
  for (const region of wideRegions(wide)) {
    const ports = region.ports.subtract(named);
    if (ports.isEmpty) continue;
    parts.push({ ports, ...divide((member) => isFor(member, NO_RULES, region.wide, wide)) });
  }
  parts.push(divide((member) => !member.ports));
  return joinEqual(parts);
}

const NO_RULES: ReadonlySet<number> = new Set();

function isFor(member: Member, rules: ReadonlySet<number>, inWide: number, wide: WideSets): boolean {
  if (!member.ports || rules.has(member.rule)) return true;
  const at = wide.of(member);
  return at >= 0 && (inWide & (1 << at)) !== 0;
}

interface WideSets {
  readonly sets: readonly Ports[];
  /** The place of a member's set; -1 when it has no wide one. */
  of(member: Member): number;
}

function wideSets(members: readonly Member[]): WideSets {
  const sets: Ports[] = [];
  const places = new Map<Member, number>();
  for (const member of members) {
    if (!member.ports || !isWide(member.ports)) continue;
    let at = sets.findIndex((one) => one.equals(member.ports!));
    if (at < 0) at = sets.push(member.ports) - 1;
    places.set(member, at);
  }
  return { sets, of: (member) => places.get(member) ?? -1 };
}

/** The ports of the wide sets, by the sets that hold them. */
function wideRegions({ sets }: WideSets): { ports: Ports; wide: number }[] {
  let regions: { ports: Ports; wide: number }[] = [{ ports: ALL, wide: 0 }];
  for (const [at, set] of sets.entries()) {
    regions = regions.flatMap(({ ports, wide }) => [
      { ports: ports.intersect(set), wide: wide | (1 << at) },
      { ports: ports.subtract(set), wide },
    ]);
  }
  return regions.filter(({ ports, wide }) => wide !== 0 && !ports.isEmpty);
}

/** Ports named one by one, those of the same rules together. */
function narrowClasses(members: readonly Member[], wide: WideSets): PortClass[] {
  const byPort = new Map<number, number[]>();
  for (const { rule, ports } of members) {
    if (!ports || isWide(ports)) continue;
    const { bounds } = ports;
    for (let i = 0; i < bounds.length; i += 2) {
      for (let port = bounds[i]!; port < bounds[i + 1]!; port++) {
        const list = byPort.get(port);
        if (list) list.push(rule);
        else byPort.set(port, [rule]);
      }
    }
  }
  const classes = new Map<string, { ports: number[]; wide: number; rules: readonly number[] }>();
  for (const [port, rules] of byPort) {
    let held = 0;
    for (const [at, set] of wide.sets.entries()) if (set.has(port)) held |= 1 << at;
    const key = `${held} ${rules.join(" ")}`;
    const same = classes.get(key);
    if (same) same.ports.push(port);
    else classes.set(key, { ports: [port], wide: held, rules });
  }
  return [...classes.values()].map((one) => ({ ...one, ports: portSet(one.ports) }));
}

function portSet(ports: readonly number[]): Ports {
  const bounds: number[] = [];
  for (const port of ports.toSorted((a, b) => a - b)) {
    if (bounds[bounds.length - 1] === port) bounds[bounds.length - 1] = port + 1;
    else bounds.push(port, port + 1);
  }
  return IntervalSet.ofBounds(bounds);
}

/** Exact: who matches which of these rules first. */
function divideAddresses(
  members: readonly Member[],
  has: (member: Member) => boolean,
  order: AddressOrder,
  count: number,
): Pick<PortPart, "byAddress" | "otherwise"> {
  const labels = new Int32Array(count).fill(NO_LABEL);
  let end = count;
  let otherwise: Outcomes = PASS;
  for (const member of members) {
    if (!has(member)) continue;
    if (member.anyAddress) {
      end = member.rule;
      otherwise = labelBit(member.label);
      break;
    }
    labels[member.rule] = member.label;
  }
  const byAddress = [...firstMatches(order, labels, end)]
    .map(([label, addresses]) => ({ addresses: addresses as ValueSet, outcomes: labelBit(label) }))
    .filter((one) => !one.addresses.isEmpty && one.outcomes !== otherwise);
  return { byAddress, otherwise };
}

/**
 * Too many classes of ports: what rules without ports decide is exact, who is named together with which of the
 * ports is not followed.
 */
function lumped(
  members: readonly Member[],
  classes: readonly PortClass[],
  wide: WideSets,
  order: AddressOrder,
  count: number,
): PortPart[] {
  const forAll = new Map<number, Outcomes>();
  const wideForAll: Outcomes[] = wide.sets.map(() => 0);
  for (const member of members) {
    if (!member.anyAddress || !member.ports) continue;
    const at = wide.of(member);
    if (at >= 0) wideForAll[at]! |= labelBit(member.label);
    else forAll.set(member.rule, labelBit(member.label));
  }
  const byOutcomes = new Map<Outcomes, number[]>();
  for (const { ports, rules, wide: held } of classes) {
    let outcomes = 0;
    for (const rule of rules) outcomes |= forAll.get(rule) ?? 0;
    for (const [at, one] of wideForAll.entries()) if (held & (1 << at)) outcomes |= one;
    const list = byOutcomes.get(outcomes) ?? [];
    list.push(...ports.bounds);
    byOutcomes.set(outcomes, list);
  }
  const certain = divideAddresses(members, (one) => !one.ports, order, count);
  const possible = possibleMatches(members, order, count);
  return [...byOutcomes].map(([everybody, bounds]) => {
    const ports = IntervalSet.unionOf(pairsOf(bounds));
    const byAddress: { addresses: ValueSet; outcomes: Outcomes }[] = [];
    let rest: Outcomes = certain.otherwise;
    if (everybody !== 0) rest = rest === PASS && isOne(everybody) ? everybody : rest | everybody;
    for (const one of possible) {
      let open = one.addresses as Addresses;
      for (const sure of certain.byAddress) {
        const both = open.intersect(sure.addresses as Addresses);
        if (both.isEmpty) continue;
        byAddress.push({ addresses: both as ValueSet, outcomes: sure.outcomes | one.outcomes | everybody });
        open = open.subtract(both);
      }
      const outcomes = (everybody === 0 ? certain.otherwise : rest) | one.outcomes;
      if (!open.isEmpty) byAddress.push({ addresses: open as ValueSet, outcomes });
    }
    const maybe = IntervalSet.unionOf(possible.map((one) => one.addresses as Addresses));
    for (const sure of certain.byAddress) {
      const addresses = (sure.addresses as Addresses).subtract(maybe);
      if (!addresses.isEmpty)
        byAddress.push({ addresses: addresses as ValueSet, outcomes: sure.outcomes | everybody });
    }
    return { ports, byAddress: byAddress.filter((one) => one.outcomes !== rest), otherwise: rest };
  });
}

export function isOne(outcomes: Outcomes): boolean {
  return (outcomes & (outcomes - 1)) === 0;
}

function pairsOf(bounds: readonly number[]): Ports[] {
  const sets: Ports[] = [];
  for (let i = 0; i < bounds.length; i += 2) sets.push(IntervalSet.interval(bounds[i]!, bounds[i + 1]!));
  return sets;
}

/** Addresses that rules with ports name, by what these rules decide. */
function possibleMatches(members: readonly Member[], order: AddressOrder, count: number) {
  const outcomes = new Set<number>();
  for (const one of members) if (one.ports && !one.anyAddress) outcomes.add(one.label);
  let parts: { addresses: Addresses; outcomes: Outcomes }[] = [];
  for (const label of outcomes) {
    const labels = new Int32Array(count).fill(NO_LABEL);
    for (const one of members)
      if (one.ports && !one.anyAddress && one.label === label) labels[one.rule] = label;
    let addresses = (firstMatches(order, labels, count).get(label) ?? IntervalSet.empty()) as Addresses;
    const next: typeof parts = [];
    for (const part of parts) {
      const both = part.addresses.intersect(addresses);
      if (!both.isEmpty) next.push({ addresses: both, outcomes: part.outcomes | labelBit(label) });
      const alone = part.addresses.subtract(both);
      if (!alone.isEmpty) next.push({ ...part, addresses: alone });
      addresses = addresses.subtract(both);
    }
    if (!addresses.isEmpty) next.push({ addresses, outcomes: labelBit(label) });
    parts = next;
  }
  return parts.map((one) => ({ addresses: one.addresses as ValueSet, outcomes: one.outcomes }));
}

/** Parts in which the same becomes of the same addresses are one. */
function joinEqual(parts: readonly PortPart[]): PortPart[] {
  const rest = parts[parts.length - 1]!;
  const joined: PortPart[] = [];
  for (const part of parts.slice(0, -1)) {
    if (sameDivision(part, rest)) continue;
    const at = joined.findIndex((one) => sameDivision(one, part));
    if (at < 0) joined.push(part);
    else {
      const ports = (joined[at]!.ports as Ports).union(part.ports as Ports);
      joined[at] = { ...joined[at]!, ports };
    }
  }
  return [...joined, rest];
}

function sameDivision(a: PortPart, b: PortPart): boolean {
  return (
    a.otherwise === b.otherwise &&
    a.byAddress.length === b.byAddress.length &&
    a.byAddress.every(
      ({ addresses, outcomes }, i) =>
        outcomes === b.byAddress[i]!.outcomes &&
        (addresses as Addresses).equals(b.byAddress[i]!.addresses as Addresses),
    )
  );
}
