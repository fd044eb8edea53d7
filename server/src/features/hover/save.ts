import type { TableId } from "../../model/ruleset.ts";
import { tableKey } from "../../model/ruleset.ts";
import { lookUp } from "../../reference/lookup.ts";
import type { IptablesSaveFile, SaveStatement } from "../../syntax/iptables-save/file.ts";
import { contains, type Span, shift } from "../../text/span.ts";
import { chainTopic } from "./chains.ts";
import { iptablesTopic } from "./iptables-topic.ts";
import { code, explain, type HoverInput, type Topic, topic } from "./topic.ts";

/** What is under the cursor in an iptables-save file; "comment" on a comment. */
export function saveTopic(
  input: HoverInput,
  file: IptablesSaveFile,
  offset: number,
): Topic | "comment" | undefined {
  const index = file.statements.findIndex((one) => one.start <= offset && offset <= one.end);
  const statement = file.statements[index];
  if (!statement) return undefined;
  const span: Span = { start: statement.start, end: statement.end };
  const { node } = statement;
  const table = tableOf(input, file.statements, index);
  switch (node.kind) {
    case "comment":
      return "comment";
    case "table":
      return tableTopic(input, table, span);
    case "chain":
      return chainTopic(input, table, node.name.text, span) ?? policyTopic(node.policy?.text, span);
    case "command":
      return commandTopic(input, statement, table, offset);
    case "commit":
      return {
        span,
        text: `**${code("COMMIT")}** – everything since ${code(`*${table.name}`)} is put into force at once; if one line is refused, none of it is. *(iptables-restore(8))*`,
      };
    case "opaque":
      return {
        span,
        text: `This line is **not understood**. What it does counts as unknown: verdicts that may depend on it say so (${node.fact}).`,
      };
  }
}

/** The table that a line belongs to. */
function tableOf(input: HoverInput, statements: readonly SaveStatement[], index: number): TableId {
  let name = "filter";
  for (let i = index; i >= 0; i--) {
    const node = statements[i]?.node;
    if (node?.kind !== "table") continue;
    name = node.name.text;
    break;
  }
  return { backend: "iptables", family: input.file.source.family === 4 ? "ip" : "ip6", name };
}

function tableTopic(input: HoverInput, id: TableId, span: Span): Topic | undefined {
  const entry = lookUp("iptables table", id.name);
  const chains = [...(input.host.ruleset.tables.get(tableKey(id))?.chains.values() ?? [])];
  const rules = chains.reduce((sum, chain) => sum + chain.rules.length, 0);
  if (!entry) return { span, text: `**Table ${code(id.name)}** – iptables has no such table.` };
  return {
    span,
    text: `${explain(`*${id.name}`, entry)}\n\nIn the end it has ${rules} rules in ${chains.length} chains.`,
  };
}

function policyTopic(policy: string | undefined, span: Span): Topic | undefined {
  return policy === undefined ? undefined : topic(span, policy, lookUp("policy", policy.toLowerCase()));
}

function commandTopic(
  input: HoverInput,
  statement: SaveStatement,
  table: TableId,
  offset: number,
): Topic | undefined {
  const { node, start } = statement;
  if (node.kind !== "command") return undefined;
  if (node.counters && contains(node.counters, offset - start)) {
    const span = shift(node.counters, start);
    return {
      span,
      text: `**Counters** – packets and bytes that had matched this rule when the file was saved.`,
    };
  }
  const { text } = input.file.source;
  const chain = (name: string, span: Span) => chainTopic(input, table, name, span, true);
  return iptablesTopic({ text, start, command: node.command, chain }, offset);
}
