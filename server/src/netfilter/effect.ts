import type { Rule, Statement } from "../model/rule.ts";
import type { Chain, Hook, Table } from "../model/ruleset.ts";
import { within } from "../text/origin.ts";
import type { Run } from "./chain.ts";
import { translate } from "./nat.ts";
import { TCP } from "./packet.ts";
import type { State } from "./state.ts";
import { assume, connectionOf, record, withConnection } from "./state.ts";

interface Place {
  readonly chain: Chain;
  readonly table: Table;
  readonly hook: Hook;
}

/** Where the states go on: with the rule's next item, out of the chain, or with the next rule. */
export interface Effect {
  readonly states: State[];
  readonly accepted?: State[];
  readonly ended?: State[];
}

/** What a statement without a verdict of its own does to the packet or the connection. */
export function applyEffect(
  run: Run,
  place: Place,
  rule: Rule,
  statement: Exclude<Statement, { kind: "verdict" | "vmap" | "vmapLookup" | "byMap" | "opaque" }>,
  state: State,
): Effect {
  switch (statement.kind) {
    case "noop":
      return { states: [state] };
    case "notrack":
      return { states: [notrack(place, rule, state)] };
    case "setPacketType":
      return { states: [{ ...state, packet: { ...state.packet, pktType: statement.type } }] };
    case "setHops": {
      if (statement.family !== state.packet.family || state.packet.arp !== undefined)
        return { states: [state] };
      return { states: [{ ...state, packet: { ...state.packet, hops: statement.hops } }] };
    }
    case "setHelper":
      return { states: setHelper(place, rule, statement, state) };
    case "setMark":
      if (!copiesFromNothing(statement, state)) return { states: [setMark(place, rule, statement, state)] };
      // nft ends the rule there (NFT_BREAK); iptables leaves the mark and goes on (XT_CONTINUE).
      return place.table.id.backend === "nftables" ? { states: [], ended: [state] } : { states: [state] };
    case "nat":
      return translate(run, place, rule, statement, state);
  }
}

function note(place: Place, rule: Rule, state: State, text: string): State {
  return record(state, { hook: place.hook, chain: place.chain, rule, effect: { kind: "note", text } });
}

/** Works only before conntrack has seen the packet (nft_notrack_eval, xt_CT). */
function notrack(place: Place, rule: Rule, state: State): State {
  if (state.tracking.kind !== "none" || state.templateHelper !== undefined) return state;
  return note(place, rule, { ...state, tracking: { kind: "untracked" } }, "not tracked");
}

function setHelper(
  place: Place,
  rule: Rule,
  statement: Statement & { kind: "setHelper" },
  state: State,
): State[] {
  const { helper } = statement;
  if (helper.by === "kernel") return [setTemplate(place, rule, helper.name, state)];
  if (helper.by === "object") {
    const object = place.table.helpers.get(helper.name);
    if (object?.protocol !== "tcp" || !object.families.includes(state.packet.family)) {
      return [state];
    }
    return [assignHelper(place, rule, object.type, state)];
  }
  const key = `helper ${helper.fact}`;
  const origin = within(rule.origin, statement.span);
  return [
    assume(state, { key, fact: helper.fact, holds: false, origin }),
    assignHelper(place, rule, "ftp", assume(state, { key, fact: helper.fact, holds: true, origin })),
  ];
}

/** `-j CT --helper`: leaves a template for conntrack to find; the first one stays (xt_ct_target). */
function setTemplate(place: Place, rule: Rule, name: string, state: State): State {
  if (state.tracking.kind !== "none" || state.templateHelper !== undefined) return state;
  if (name !== "" && state.packet.l4proto !== TCP) return state;
  return withHelperRule(
    note(place, rule, { ...state, templateHelper: name }, `helper ${name} chosen`),
    name,
    rule,
  );
}

/** nft `ct helper set`: silently nothing unless the connection is new and has none (nft_ct_helper_obj_eval). */
function assignHelper(place: Place, rule: Rule, name: string, state: State): State {
  const connection = connectionOf(state);
  if (!connection || state.tracking.kind !== "tracked") return state;
  if (connection.confirmed || connection.helperAssigned) return state;
  const assigned = withConnection(state, { ...connection, helper: name, helperAssigned: true });
  return withHelperRule(note(place, rule, assigned, `helper ${name} assigned`), name, rule);
}

/** Other helpers (sip, tftp) say nothing about FTP. */
function withHelperRule(state: State, name: string, rule: Rule): State {
  return name === "ftp" ? { ...state, helperRules: [...state.helperRules, rule] } : state;
}

/** Whether a packet's mark would be copied from a connection that is not there (raw, notrack, invalid). */
function copiesFromNothing({ target, change }: Statement & { kind: "setMark" }, state: State): boolean {
  if (change === "unknown" || state.tracking.kind === "tracked") return false;
  // What is read is the connection's mark: to be copied, or to have some of its bits changed.
  return target === "packet" ? "copy" in change : "copy" in change ? change.keep !== 0 : change.and !== 0;
}

function setMark(place: Place, rule: Rule, statement: Statement & { kind: "setMark" }, state: State): State {
  const connection = connectionOf(state);
  const { change, target } = statement;
  if (target === "packet") {
    const mark = changed(state.mark, change, connection?.mark ?? 0);
    return mark === state.mark ? state : note(place, rule, { ...state, mark }, `packet mark ${mark}`);
  }
  if (!connection || state.tracking.kind !== "tracked") return state;
  const mark = changed(connection.mark, change, state.mark);
  if (mark === connection.mark) return state;
  return note(place, rule, withConnection(state, { ...connection, mark }), `connection mark ${mark}`);
}

type Mark = number | "unknown";

function changed(old: Mark, change: (Statement & { kind: "setMark" })["change"], source: Mark): Mark {
  if (change === "unknown") return "unknown";
  if ("copy" in change) {
    const { keep, take, xor } = change;
    if ((source === "unknown" && take !== 0) || (old === "unknown" && keep !== 0)) return "unknown";
    return (
      ((Number(old === "unknown" ? 0 : old) & keep) ^
        (Number(source === "unknown" ? 0 : source) & take) ^
        xor) >>>
      0
    );
  }
  if (change.and === 0) return change.xor >>> 0;
  return old === "unknown" ? "unknown" : ((old & change.and) ^ change.xor) >>> 0;
}
