import type { LoadedFile } from "../convert/host.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain } from "../model/ruleset.ts";
import { ShellText } from "../syntax/shell/comments.ts";
import type { Frame } from "../text/origin.ts";
import { acceptOptions, helperOptions, styleOf } from "./iptables-text.ts";
import { indentation, lineAfter, lineBefore, lineEnd } from "./lines.ts";
import type { Need } from "./need.ts";
import { quotedRawPlaces, quotedRulePlace } from "./quoted-save.ts";
import type { Restriction } from "./restrictions.ts";
import { restrictionsOf, targetFor } from "./restrictions.ts";
import { placeInRawTable } from "./save-section.ts";
import { commandPlaces } from "./shell-joint.ts";
import { commandHead, isInOneLineFunction, readsFrom, withValues, wrapperHead } from "./shell-line.ts";
import type { Site } from "./site.ts";
import { acceptSites, repeating, sitesAt } from "./site.ts";
import type { Candidate, Writer, WriterContext } from "./writer.ts";
import { chainOf, fileOf } from "./writer.ts";

/** Writes rules into iptables-save files and into scripts that call iptables. */
export const iptablesWriter: Writer = {
  accept(context, need, stopRule) {
    const lines = acceptLines(context, need, stopRule);
    const { icmp } = need.plan;
    if (typeof lines === "string") return lines;
    return inOrder(icmp ? lines.map((one) => ({ ...one, onlyFor: icmp })) : lines);
  },

  assignHelper(context, need) {
    const file = fileOf(context.files, context.anchor.origin.file);
    if (!file) return [];
    const sample = statementText(file, context.anchor);
    const style = styleOf(file.source.text, sample);
    const chain = need.hook === "output" ? "OUTPUT" : "PREROUTING";
    const options = helperOptions(need.port, style);
    if (file.source.dialect === "iptables-save" || isSaveLine(sample)) {
      const at = context.anchor.origin.statement.start;
      const inShell = file.source.dialect === "shell";
      return placeInRawTable(file.source.text, at, `-A ${chain} ${options}`, inShell).map((one) => ({
        ...one,
        file: file.source.path,
      }));
    }
    const raw: Chain = {
      ...context.anchorChain,
      name: chain,
      table: { ...context.anchorChain.table, name: "raw" },
    };
    const sites = [...sitesAt(context.anchor, "before"), ...sitesAt(context.anchor, "after")];
    // A script that clears its tables and leaves raw alone, or asks before it adds, may be run again.
    const once = mayRunAgain(file);
    const rule: NewRule = { options: () => options, carried: [], once };
    const calls = sites.flatMap((site) => linesAt(context, site, raw, rule));
    const quoted = file.source.dialect === "shell" ? quotedRawPlaces(file, `-A ${chain} ${options}`) : [];
    return [...inOrder(calls), ...quoted.map((one) => ({ ...one, file: file.source.path }))];
  },
};

function acceptLines(
  context: WriterContext,
  need: Need & { kind: "accept" },
  stopRule: Rule | undefined,
): Candidate[] | string {
  const anchorFile = fileOf(context.files, context.anchor.origin.file);
  if (!anchorFile) return [];
  const style = styleOf(anchorFile.source.text, statementText(anchorFile, context.anchor));
  const carried = need.plan.carry ? restrictionsOf(context.anchor, anchorFile.source.text, need.plan) : [];
  if (typeof carried === "string") return carried;
  const target = targetFor(need.plan, context.anchor, anchorFile.source.text);
  const rule: NewRule = { options: (tests) => acceptOptions(need.plan, tests, style, target), carried };
  const sites = acceptSites(need, stopRule, context);
  if (typeof sites === "string") return sites;
  // A chain without rules gets its first one beside those of another chain.
  if (sites.length === 0)
    return sitesAt(context.anchor, "after").flatMap((site) => linesAt(context, site, need.chain, rule));
  return sites.flatMap((site) => {
    const chain = context.anchorChain.rules.includes(site.rule) ? context.anchorChain : need.chain;
    return linesAt(context, site, chain, rule);
  });
}

/** A rule's options by the restrictions that it takes over from the rule for the control port. */
type Options = (carried: readonly Restriction[]) => string;

interface NewRule {
  readonly options: Options;
  readonly carried: readonly Restriction[];
  /** Only where the rule is not there yet. */
  readonly once?: boolean;
}

/** The new line at a site; in scripts also inserted at the chain's head, for those that build it backwards. */
function linesAt(context: WriterContext, site: Site, chain: Chain, rule: NewRule): Candidate[] {
  const file = fileOf(context.files, site.file);
  if (!file) return [];
  const { text } = file.source;
  const beside = statementText(file, site.rule);
  const here = text.slice(site.statement.start, site.statement.end);
  if (isSaveLine(here)) {
    const line = `-A ${chain.name} ${rule.options(rule.carried)}`;
    return chain.table.name === "raw" ? [] : [placed(file, site, [line])];
  }
  if (isSaveLine(beside)) return [];
  const own = chainOf(context.ruleset, site.rule);
  const quoted = own && chain.table.name !== "raw" ? quotedRulePlace(file, site.rule, own) : undefined;
  if (quoted) {
    const line = `-A ${chain.name} ${rule.options(rule.carried)}`;
    return [placed(file, { ...site, statement: quoted }, [line])];
  }
  if (isInOneLineFunction(text, site.statement.start)) return [];
  const around = repeating(site.rule.origin.frames);
  const innermost = around[around.length - 1 - site.left.length];
  return optionsAt(context, site, rule)
    .flatMap((options) => callsAt(file, site, chain, options, rule.once))
    .map((one) => (innermost && isParameter(innermost, one.text) ? { ...one, isRepeated: true } : one));
}

/** Whether a loop or call is there for values that a text does not use. */
function isParameter(frame: Frame, text: string): boolean {
  // `main "$@"` hands on what the script was called with, usually nothing.
  const hasValues = frame.detail !== undefined && !/^(?:"?\$[@*]"?)?$/.test(frame.detail);
  return hasValues && !readsFrom(text, [frame]);
}

/** What would be made again as soon as the author adds a value comes last. */
function inOrder(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates.filter((one) => !one.isRepeated), ...candidates.filter((one) => one.isRepeated)];
}

/** As the author has written them, and outside of the loops and calls that give them values also with these. */
function optionsAt(
  { files, anchor }: WriterContext,
  { left }: Site,
  { options, carried }: NewRule,
): string[] {
  const file = fileOf(files, anchor.origin.file);
  const plain = options(carried);
  const expanded = left.length > 0 && plain.includes("$") && file && withValues(carried, file, anchor);
  if (!expanded) return [plain];
  const known = options(expanded);
  return readsFrom(plain, left) ? [known] : [plain, known];
}

function callsAt(file: LoadedFile, site: Site, chain: Chain, options: string, once = false): Candidate[] {
  const wrapper = wrapperHead(file, site, chain);
  const candidates = wrapper ? commandsAt(file, site, `${wrapper} ${options}`) : [];
  const head = commandHead(file, site, chain);
  if (!head) return candidates;
  const calls = ["-A", "-I"].flatMap((verb) => {
    const added = `${head(verb)} ${options}`;
    const alone = commandsAt(file, site, added);
    if (!once) return alone;
    const line = `${head("-C")} ${options} 2>/dev/null || ${added}`;
    const checked = commandsAt(file, site, line).map((one, i) => ({ ...one, withoutCheck: alone[i]!.text }));
    // A wrapper may end the script where a command fails.
    return [...checked, ...alone];
  });
  return [...candidates, ...calls];
}

/** A command of a script before or after a statement. */
function commandsAt(file: LoadedFile, { statement, where }: Site, line: string): Candidate[] {
  const { text, path } = file.source;
  const end = where === "after" ? behindHereDocument(file, statement.end) : statement.end;
  const indent = indentation(text, statement.start);
  const places = commandPlaces(text, { start: statement.start, end }, where, indent, [line]);
  return places.map((one) => ({ ...one, file: path }));
}

function placed(file: LoadedFile, site: Site, lines: readonly string[]): Candidate {
  const { text } = file.source;
  const { start, end } = site.statement;
  const indent = indentation(text, start);
  const insertion =
    site.where === "after"
      ? lineAfter(text, behindHereDocument(file, end), indent, lines)
      : lineBefore(text, start, indent, lines);
  return { ...insertion, file: file.source.path };
}

/** The text of a here document stands behind the line that has it read. */
function behindHereDocument({ syntax, source: { text } }: LoadedFile, end: number): number {
  const last = lineEnd(text, end);
  if (syntax.dialect !== "shell" || !text.slice(end, last).includes("<<")) return end;
  const body = new ShellText(syntax.file).around(last + 2);
  return body?.hereDocument ? syntax.file.offset(body.end) : end;
}

/** Whether a script flushes whole tables but does nothing with table raw, or checks for its rules. */
function mayRunAgain(file: LoadedFile): boolean {
  if (file.syntax.dialect !== "shell") return false;
  const { calls } = file.syntax.conversion;
  const flushes = calls.some(
    ({ command }) => command.operation?.kind === "flush" && !command.operation.chain,
  );
  const asks = calls.some(({ command }) => command.operation?.kind === "check");
  if (asks) return true;
  return flushes && !calls.some(({ command }) => command.table?.text === "raw");
}

function statementText(file: LoadedFile, rule: Rule): string {
  const { start, end } = rule.origin.statement;
  return file.source.path === rule.origin.file ? file.source.text.slice(start, end) : "";
}

/** `-A INPUT …` without a program, perhaps with counters. */
function isSaveLine(text: string): boolean {
  return /^\s*(\[\d+:\d+\]\s*)?-/.test(text);
}
