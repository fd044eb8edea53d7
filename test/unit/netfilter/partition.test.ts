import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { IntervalSet } from "../../../server/src/model/interval-set.ts";
import type { Condition } from "../../../server/src/model/rule.ts";
import type { Table } from "../../../server/src/model/ruleset.ts";
import { numbers } from "../../../server/src/model/values.ts";
import { Box, constant, variable } from "../../../server/src/netfilter/box.ts";
import { partition } from "../../../server/src/netfilter/condition.ts";
import { NO_PERMITS, type State } from "../../../server/src/netfilter/state.ts";

const table: Table = {
  id: { backend: "nftables", family: "inet", name: "t" },
  chains: new Map(),
  helpers: new Map(),
  objects: new Map(),
  dormant: false,
  sets: new Map([
    [
      "known",
      {
        name: "known",
        kind: "set",
        content: "complete",
        elements: [{ values: [numbers(3, 5)] }, { values: [numbers(9)] }],
        origin: { file: "t", statement: { start: 0, end: 0 }, span: { start: 0, end: 0 }, frames: [] },
      },
    ],
  ]),
};

const span = { start: 0, end: 0 };
const HIGH = 12;
const values = fc
  .array(fc.tuple(fc.nat(HIGH), fc.nat(HIGH)), { maxLength: 3 })
  .map((pairs) => IntervalSet.unionOf(pairs.map(([a, b]) => numbers(Math.min(a, b), Math.max(a, b)))));

const field = fc.constantFrom("sport" as const, "dport" as const, "l4proto" as const, "icmptype" as const);

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ kind: fc.constant("match" as const), field, values, span: fc.constant(span) }),
    fc.record({
      kind: fc.constant("tuple" as const),
      fields: fc.constant(["sport", "dport"] as const),
      elements: fc.array(fc.tuple(values, values), { maxLength: 3 }),
      negated: fc.boolean(),
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constant("lookup" as const),
      fields: fc.constant(["dport"] as const),
      set: fc.constantFrom("known", "elsewhere"),
      negated: fc.boolean(),
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constant("opaque" as const),
      fact: fc.constant("the weather"),
      stable: fc.boolean(),
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constantFrom("allOf" as const, "anyOf" as const),
      conditions: fc.array(tie("condition"), { maxLength: 3 }),
      span: fc.constant(span),
    }),
    fc.record({ kind: fc.constant("not" as const), condition: tie("condition"), span: fc.constant(span) }),
  ),
}));

function stateOf(box: Box): State {
  return {
    box,
    packet: {
      family: 4,
      l4proto: 6,
      saddr: constant(1),
      daddr: constant(2),
      sport: variable("a"),
      dport: variable("b"),
      flags: 2,
      multicast: false,
      pktType: 0,
    },
    label: "",
    sender: "client",
    slot: "control",
    mark: 0,
    tracking: { kind: "none" },
    connections: {},
    assumptions: [],
    path: [],
    permits: NO_PERMITS,
    controlPermits: NO_PERMITS,
    helperRules: [],
  };
}

/** Kleene's answer for one concrete packet, computed without sets. */
function evaluate(one: Condition, sport: number, dport: number): boolean | "maybe" {
  const valueAt = (name: string) => (name === "sport" ? sport : name === "dport" ? dport : 6);
  switch (one.kind) {
    case "match":
      return one.field === "icmptype" ? false : (one.values as IntervalSet<number>).has(valueAt(one.field));
    case "tuple": {
      const any = one.elements.some((element) =>
        one.fields.every((name, i) => (element[i] as IntervalSet<number>).has(valueAt(name))),
      );
      return any !== one.negated;
    }
    case "lookup": {
      if (one.set !== "known") return "maybe";
      return [3, 4, 5, 9].includes(dport) !== one.negated;
    }
    case "opaque":
      return "maybe";
    case "not": {
      const inner = evaluate(one.condition, sport, dport);
      return inner === "maybe" ? inner : !inner;
    }
    case "allOf":
    case "anyOf": {
      const answers = one.conditions.map((inner) => evaluate(inner, sport, dport));
      const decisive = one.kind === "anyOf";
      if (answers.includes(decisive)) return decisive;
      return answers.includes("maybe") ? "maybe" : !decisive;
    }
  }
}

test("yes, no and maybe are disjoint, cover the packets tested, and are right for each of them", () => {
  fc.assert(
    fc.property(condition, values, values, (one, sports, dports) => {
      if (sports.isEmpty || dports.isEmpty) return;
      const box = new Box({ a: sports, b: dports });
      const parts = partition(one, box, stateOf(box), table);
      const holds = (part: Box, sport: number, dport: number) =>
        (part.get("a") as IntervalSet<number>).has(sport) &&
        (part.get("b") as IntervalSet<number>).has(dport);
      for (let sport = 0; sport <= HIGH; sport++) {
        for (let dport = 0; dport <= HIGH; dport++) {
          const inYes = parts.yes.filter((part) => holds(part, sport, dport)).length;
          const inNo = parts.no.filter((part) => holds(part, sport, dport)).length;
          const inMaybe = parts.maybe.filter((part) => holds(part.box, sport, dport)).length;
          const inside = holds(box, sport, dport) ? 1 : 0;
          assert.equal(inYes + inNo + inMaybe, inside, `${sport} ${dport}`);
          if (!inside) continue;
          const expected = evaluate(one, sport, dport);
          assert.equal(inYes === 1 ? true : inNo === 1 ? false : "maybe", expected, `${sport} ${dport}`);
        }
      }
    }),
    { numRuns: 1500 },
  );
});
