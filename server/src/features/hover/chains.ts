import type { BaseChain, Chain, TableId } from "../../model/ruleset.ts";
import { tableKey } from "../../model/ruleset.ts";
import { lookUp } from "../../reference/lookup.ts";
import type { Span } from "../../text/span.ts";
import { place } from "./sessions.ts";
import { code, type HoverInput, plain, type Topic } from "./topic.ts";

/**
 * A chain by its name: what passes it, its priority and policy, how many rules it has, who calls it.
 * `brief` where a rule names it: the rule's own sentence follows.
 */
export function chainTopic(
  input: HoverInput,
  table: TableId,
  name: string,
  span: Span,
  brief = false,
): Topic | undefined {
  const chain = input.host.ruleset.tables.get(tableKey(table))?.chains.get(name);
  const builtin = table.backend === "iptables" ? lookUp("built-in chain", name) : undefined;
  if (!chain && !builtin) return undefined;
  const lines = [
    `**Chain ${code(name)}** of table ${code(table.name)} – ${chain ? size(chain) : "no rules"}.`,
  ];
  if (builtin) lines.push(builtin.text);
  else if (chain?.base) lines.push(lookUp("hook", chain.base.hook)?.text ?? "");
  else if (chain) lines.push(callers(input, chain));
  if (chain?.base)
    lines.push(...(brief ? [briefPolicy(input, chain)] : [baseText(chain.base), policyText(input, chain)]));
  const text = lines.filter(Boolean).join(brief ? " " : "\n\n");
  return { span, text, stopsFtp: chain !== undefined && stopsFtp(input, chain) };
}

function size(chain: Chain): string {
  const count = chain.rules.length;
  return count === 1 ? "1 rule" : `${count || "no"} rules`;
}

function baseText(base: BaseChain): string {
  const devices = base.devices.length > 0 ? `, device ${base.devices.map(code).join(", ")}` : "";
  return `Hook ${base.hook}, type ${base.type}, priority ${base.priority}${devices}. ${priorityNote(base.priority)}`;
}

/** What a priority means for connection tracking and its helpers. */
export function priorityNote(priority: number): string {
  const key = priority < -200 ? "before" : priority === -200 ? "at" : "after";
  return lookUp("priority rule", key)?.text ?? "";
}

function briefPolicy(input: HoverInput, chain: Chain): string {
  return chain.policy.stated ? `Policy **${chain.policy.verdict}**${place(input, chain.policy.origin)}.` : "";
}

function policyText(input: HoverInput, chain: Chain): string {
  const { policy } = chain;
  if (policy.stated) {
    const doubt =
      policy.presence === "certain"
        ? ""
        : ` Whether it is in force depends on ${plain(policy.presence.maybe)}.`;
    const what = lookUp("policy", policy.verdict)?.text ?? "";
    return `Policy **${policy.verdict}**${place(input, policy.origin)}. ${what}${doubt}`;
  }
  if (chain.table.backend === "nftables") return "No policy is written, so it is **accept**.";
  return "The file does not say its policy; the kernel's own is accept.";
}

function callers(input: HoverInput, chain: Chain): string {
  const table = input.host.ruleset.tables.get(tableKey(chain.table));
  const names: string[] = [];
  for (const other of table?.chains.values() ?? []) {
    if (other.rules.some((rule) => rule.body.items.some((item) => leadsTo(item, chain.name))))
      names.push(other.name);
  }
  if (names.length === 0) return "No rule of this table jumps to it by name, so packets may never come here.";
  return `Packets come here from ${names.slice(0, 6).map(code).join(", ")}${names.length > 6 ? " …" : ""}.`;
}

function leadsTo(item: Chain["rules"][number]["body"]["items"][number], name: string): boolean {
  if (item.item !== "statement") return false;
  const { statement } = item;
  if (statement.kind === "verdict") return "chain" in statement.verdict && statement.verdict.chain === name;
  if (statement.kind !== "vmap") return false;
  return statement.entries.some(({ verdict }) => "chain" in verdict && verdict.chain === name);
}

/** Whether this chain's policy is what stops a session. */
function stopsFtp(input: HoverInput, chain: Chain): boolean {
  return input.cases.some((one) =>
    one.classes.some(({ verdict }) => {
      const stop = verdict.verdict === "works" ? undefined : verdict.outcome?.stop;
      return (
        stop !== undefined &&
        stop.rule === undefined &&
        stop.chain?.name === chain.name &&
        tableKey(stop.chain.table) === tableKey(chain.table)
      );
    }),
  );
}
