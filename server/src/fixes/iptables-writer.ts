import type { LoadedFile } from "../convert/host.ts";
import type { ShellCall } from "../convert/shell/recorder.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain } from "../model/ruleset.ts";
import { acceptOptions, helperOptions, styleOf } from "./iptables-text.ts";
import { indentation, lineAfter, lineBefore } from "./lines.ts";
import { restrictionsOf } from "./restrictions.ts";
import { placeInRawTable } from "./save-section.ts";
import type { Site } from "./site.ts";
import { acceptSites, sitesAt } from "./site.ts";
import type { Candidate, Writer, WriterContext } from "./writer.ts";
import { fileOf } from "./writer.ts";

/** Writes rules into iptables-save files and into scripts that call iptables. */
export const iptablesWriter: Writer = {
  accept(context, need, stopRule) {
    const anchorFile = fileOf(context.files, context.anchor.origin.file);
    if (!anchorFile) return [];
    const style = styleOf(anchorFile.source.text, statementText(anchorFile, context.anchor));
    const carried = need.plan.carry ? restrictionsOf(context.anchor, anchorFile.source.text) : [];
    if (typeof carried === "string") return carried;
    const options = acceptOptions(need.plan, carried, style);
    const sites = acceptSites(need, stopRule, context);
    if (typeof sites === "string") return sites;
    const rule = (add: string) => `${add} ${options}`;
    // A chain without rules gets its first one beside those of another chain.
    if (sites.length === 0)
      return sitesAt(context.anchor, "after").flatMap((site) => linesAt(context, site, need.chain, rule));
    return sites.flatMap((site) => {
      const chain = context.anchorChain.rules.includes(site.rule) ? context.anchorChain : need.chain;
      return linesAt(context, site, chain, rule);
    });
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
    return sites.flatMap((site) => linesAt(context, site, raw, (add) => `${add} ${options}`, once));
  },
};

/** The new line at a site, `once`: only where the rule is not there yet; in scripts also inserted at the chain's head, for those that build it backwards. */
function linesAt(
  context: WriterContext,
  site: Site,
  chain: Chain,
  rule: (add: string) => string,
  once = false,
): Candidate[] {
  const file = fileOf(context.files, site.file);
  if (!file) return [];
  const { text } = file.source;
  const beside = statementText(file, site.rule);
  const here = text.slice(site.statement.start, site.statement.end);
  if (isSaveLine(here)) {
    return chain.table.name === "raw" ? [] : [placed(file, site, [rule(`-A ${chain.name}`)])];
  }
  if (isSaveLine(beside)) return [];
  const call = callOf(file, site.rule, chain);
  if (!call) return [];
  const program = site.outside && usesInner(call.program, site.rule) ? call.tool : call.program;
  const table = chain.table.name === "filter" ? "" : `-t ${chain.table.name} `;
  return ["-A", "-I"].map((add) => {
    const line = (text: string) => `${program} ${table}${text}`;
    const added = line(rule(`${add} ${chain.name}`));
    const alone = placed(file, site, [added]);
    if (!once) return alone;
    const check = line(rule(`-C ${chain.name}`));
    return { ...placed(file, site, [`${check} 2>/dev/null || ${added}`]), withoutCheck: alone.text };
  });
}

function placed(file: LoadedFile, site: Site, lines: readonly string[]): Candidate {
  const { text } = file.source;
  const { start, end } = site.statement;
  const indent = indentation(text, start);
  const insertion =
    site.where === "after" ? lineAfter(text, end, indent, lines) : lineBefore(text, start, indent, lines);
  return { ...insertion, file: file.source.path };
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

/** How the author calls iptables for this rule; for a rule of another family, how they call that program. */
function callOf(file: LoadedFile, rule: Rule, chain: Chain): ShellCall | undefined {
  if (file.syntax.dialect !== "shell") return undefined;
  const { calls } = file.syntax.conversion;
  const tool = chain.table.family === "ip6" ? "ip6tables" : "iptables";
  return (
    calls.find((call) => call.tool === tool && isCallOf(call, rule)) ??
    calls.find((call) => call.tool === tool)
  );
}

function isCallOf({ file, statement }: ShellCall, { origin }: Rule): boolean {
  return file === origin.file && statement.start === origin.statement.start;
}

/** Whether a program is written with a variable that means something only inside the loop or function. */
function usesInner(program: string, rule: Rule): boolean {
  const inner = rule.origin.frames.filter((frame) => frame.kind === "loop").map((frame) => frame.name);
  const variables = [...program.matchAll(/\$\{?([\w@*#]+)/g)].map((found) => found[1]!);
  return variables.some((name) => inner.includes(name) || !/^[A-Za-z_]/.test(name));
}

function statementText(file: LoadedFile, rule: Rule): string {
  const { start, end } = rule.origin.statement;
  return file.source.path === rule.origin.file ? file.source.text.slice(start, end) : "";
}

/** `-A INPUT …` without a program, perhaps with counters. */
function isSaveLine(text: string): boolean {
  return /^\s*(\[\d+:\d+\]\s*)?-/.test(text);
}
