import type { ShellCall } from "../convert/shell/recorder.ts";
import type { Span } from "../text/span.ts";
import { contains } from "../text/span.ts";
import { ftpSections, ftpVerdicts } from "./hover/ftp.ts";
import { nftTopic } from "./hover/nft.ts";
import { ftpConcern, keysOf, type RuleOperation, ruleSection, rulesAt, spanOf } from "./hover/rules.ts";
import { saveTopic } from "./hover/save.ts";
import { expansion, shellFinding } from "./hover/shell.ts";
import type { HoverInput, Topic } from "./hover/topic.ts";

export type { HoverInput } from "./hover/topic.ts";

/** What an editor shows at a place. `span` is of the file's whole text and contains the offset. */
export interface Hover {
  readonly markdown: string;
  readonly span: Span;
  /** FTP's modes are explained in it. */
  readonly explainsFtp: boolean;
}

/** A hover's sections stand apart by a rule. */
const SEPARATOR = "\n\n---\n\n";

/** How many rules and commands are shown, beside FTP's modes and otherwise. */
const FEW = 2;
const SOME = 6;
/** Commands that one line of a script becomes: they are short. */
const MANY = 12;

/** What is under the cursor, explained; undefined where there is nothing to say. */
export function hover(input: HoverInput, offset: number): Hover | undefined {
  const found = findAt(input, offset);
  if (!found) return undefined;
  const { topic, rules, calls } = found;
  const span = topic?.span ?? spanOf(rules) ?? found.span;
  if (!span || !contains(span, offset)) return undefined;
  const ftp = ftpPart(input, topic, rules);
  const most = ftp.length > 1 ? FEW : SOME;
  const sections = [topic?.text, rules.length > 0 ? ruleSection(input, rules, most) : undefined].filter(
    (section) => section !== undefined,
  );
  const expanded = expansion(input, calls, ftp.length > 1 ? SOME : MANY);
  if (sections.length === 0 && !expanded) return undefined;
  // What happens to FTP is what people came for: it stands before the long parts.
  const [verdicts, ...lessons] = ftp;
  const all = [...sections, verdicts, expanded, ...lessons].filter((section) => section !== undefined);
  return { markdown: all.join(SEPARATOR), span, explainsFtp: lessons.length > 0 };
}

interface Found {
  readonly topic?: Topic;
  readonly rules: readonly RuleOperation[];
  readonly span?: Span;
  /** Of a script. */
  readonly calls: readonly ShellCall[];
}

function findAt(input: HoverInput, offset: number): Found | undefined {
  const { syntax } = input.file;
  if (syntax.dialect === "shell") {
    const finding = shellFinding(input, syntax.file, syntax.conversion, offset);
    return { calls: [], ...finding, rules: rulesAt(input, offset) };
  }
  const topic =
    syntax.dialect === "nft" ? nftTopic(input, syntax.file, offset) : saveTopic(input, syntax.file, offset);
  return topic === "comment" ? undefined : { topic, rules: rulesAt(input, offset), calls: [] };
}

/** FTP's modes in full where FTP is named, only their verdicts where a rule or policy touches them. */
function ftpPart(input: HoverInput, topic: Topic | undefined, rules: readonly RuleOperation[]): string[] {
  const keys = keysOf(rules);
  const concern = ftpConcern(rules, input.cases);
  if (topic?.ftp || concern === "named") return ftpSections(input, keys);
  const touched = concern === "touched" || topic?.stopsFtp;
  const verdicts = touched ? ftpVerdicts(input, keys) : undefined;
  return verdicts ? [verdicts] : [];
}
