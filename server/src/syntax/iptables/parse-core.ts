import { cover } from "../../text/span.ts";
import type { Word } from "../word.ts";
import type { IptablesOperation, OperationKind } from "./command.ts";
import type { CoreOption } from "./core-options.ts";
import { isForeignTarget, matchExtension, targetExtension } from "./extensions.ts";
import { FOREIGN_MATCHES } from "./match-table.ts";
import { checkValue, insideNegation } from "./parse-arguments.ts";
import { addOption, looksLikeArgument, mayBeArgument, type ParseState, refuse } from "./parse-state.ts";
import { protocolNumber } from "./protocols.ts";
import { parseInteger } from "./values.ts";

/** Handles one option of iptables itself; `glued` is a value written together with it. */
export function applyCoreOption(
  state: ParseState,
  option: CoreOption,
  word: Word,
  written: string,
  glued: Word | undefined,
): void {
  if (option.operation) {
    operation(state, option, word, written, glued);
    return;
  }
  const name = option.names[0] ?? written;
  const values: Word[] = [];
  const inside = readValue(state, option, word, written, glued, values);
  const negated = state.negation !== undefined || inside;
  const added = addOption(state, {
    name,
    written,
    owner: { kind: "core" },
    at: word.span,
    values,
    negated: inside,
  });
  if (negated && !option.negatable)
    refuse(state, added.span, `${written} cannot be negated. Remove the “!”.`);
  const value = values[0];
  if (value) checkValue(state, written, option.kind, value);
  effect(state, name, word, value, negated);
}

function readValue(
  state: ParseState,
  option: CoreOption,
  word: Word,
  written: string,
  glued: Word | undefined,
  values: Word[],
): boolean {
  if (option.argument === "none") {
    if (glued) {
      refuse(state, glued.span, `${written} takes no value. Remove “=${glued.text}”.`);
      values.push(glued);
    }
    return false;
  }
  if (option.argument === "optional") {
    const next = state.words[state.at];
    if (glued) values.push(glued);
    else if (option.short === "w" && looksLikeArgument(next) && /^\d/.test(next.text)) values.push(next);
    else return false;
    if (!glued) state.at++;
    return false;
  }
  let first = glued ?? state.words[state.at];
  if (!glued && first) state.at++;
  const inside = first !== undefined && insideNegation(state, first, written);
  if (inside) {
    first = state.words[state.at];
    state.at++;
  }
  if (first) values.push(first);
  else refuse(state, word.span, `${written} needs a value. Write it after the option.`);
  if (option.short === "c" && first) readByteCounter(state, word, first, values);
  return inside;
}

/** `-c PACKETS BYTES` or `-c PACKETS,BYTES`. */
function readByteCounter(state: ParseState, word: Word, packets: Word, values: Word[]): void {
  const next = state.words[state.at];
  if (packets.unknown === undefined && packets.text.includes(",")) {
    if (!/^\d+,\d+$/.test(packets.text)) counterProblem(state, packets);
    return;
  }
  if (!mayBeArgument(next)) {
    counterProblem(state, word);
    return;
  }
  values.push(next);
  state.at++;
  if ([packets, next].some((value) => value.unknown === undefined && !/^\d+$/.test(value.text)))
    counterProblem(state, word);
}

function counterProblem(state: ParseState, at: Word): void {
  refuse(state, at.span, "-c needs two numbers: packets and bytes. Write both, as in -c 0 0.");
}

function effect(
  state: ParseState,
  name: string,
  word: Word,
  value: Word | undefined,
  negated: boolean,
): void {
  switch (name) {
    case "table":
      if (state.context === "save-line")
        refuse(
          state,
          word.span,
          "A save file names its table in a line “*table”, not with -t. Move the rule there.",
        );
      if (value) state.table = value;
      return;
    case "protocol":
      noteProtocol(state, value, negated);
      return;
    case "match":
      loadMatch(state, word, value);
      return;
    case "jump":
    case "goto":
      loadTarget(state, word, value, name === "goto");
      return;
    case "ipv4":
    case "ipv6":
      familyFlag(state, name, word);
      return;
    case "fragment":
      if (state.program === "ip6tables")
        refuse(
          state,
          word.span,
          "ip6tables has no -f. Use -m frag with --fragfirst, --fragmore or --fraglast.",
        );
      return;
    case "wait":
      if (state.context === "save-line")
        refuse(state, word.span, "-w cannot stand in a save file. Remove it.");
  }
}

function noteProtocol(state: ParseState, value: Word | undefined, negated: boolean): void {
  if (!value || value.unknown !== undefined) {
    state.protocolUnknown = true;
    return;
  }
  const number = protocolNumber(value.text);
  if (number === undefined) return;
  if (number === 0 && negated)
    refuse(state, value.span, "A rule for no protocol at all never matches. Remove “! -p all”.");
  if (!state.protocol) state.protocol = { number, word: value };
}

function loadMatch(state: ParseState, word: Word, value: Word | undefined): void {
  if (!value) return;
  const at = cover(word.span, value.span);
  if (value.unknown !== undefined) {
    state.modules.push({ name: value.text, known: false, implicit: false, span: at });
    state.stranger ??= value.unknown;
    return;
  }
  const spec = matchExtension(state.program, value.text);
  const instance = state.modules.length;
  state.modules.push({
    name: spec?.name ?? value.text,
    known: spec !== undefined,
    implicit: false,
    span: at,
  });
  if (spec) {
    state.loaded.push({ spec, owner: { kind: "match", module: spec.name, instance } });
    return;
  }
  state.stranger ??= `the match ${value.text}`;
  reportUnknownMatch(state, value);
}

function reportUnknownMatch(state: ParseState, value: Word): void {
  const source = FOREIGN_MATCHES.get(value.text);
  const other = state.program === "iptables" ? "ip6tables" : "iptables";
  const message = source
    ? `The match ${value.text} comes from ${source}; iptables alone does not load it. Install it, or remove it from the rule.`
    : matchExtension(other, value.text)
      ? `The match ${value.text} exists in ${other} only. Remove it, or move the rule there.`
      : `iptables has no match ${value.text}. Check the spelling.`;
  const severity = source?.startsWith("the add-on") ? "info" : "error";
  state.problems.push({ code: "unknown-extension", severity, message, span: value.span, refused: true });
}

function loadTarget(state: ParseState, word: Word, value: Word | undefined, goto: boolean): void {
  if (!value) return;
  if (state.jump)
    refuse(state, value.span, "A rule has one target only. Use two rules, or remove one of the targets.");
  else state.jump = { target: value, goto, span: cover(word.span, value.span) };
  if (value.unknown !== undefined) {
    state.stranger ??= value.unknown;
    return;
  }
  const spec = goto ? undefined : targetExtension(state.program, value.text);
  if (spec) {
    state.loaded.push({ spec, owner: { kind: "target", target: spec.name } });
    return;
  }
  // A chain of that name may exist; who knows the chains decides (convert/iptables).
  if (!goto && isForeignTarget(state.program, value.text)) state.stranger ??= `the target ${value.text}`;
}

/** `-4` in ip6tables and `-6` in iptables: a restore file's line is skipped, a command is refused. */
function familyFlag(state: ParseState, name: "ipv4" | "ipv6", word: Word): void {
  if ((name === "ipv4") === (state.program === "iptables")) return;
  if (state.context === "command") {
    const right = name === "ipv4" ? "iptables" : "ip6tables";
    refuse(state, word.span, `${word.text} is for the other family. Call ${right} instead.`);
    return;
  }
  state.otherFamily = true;
  const rest = state.words.slice(state.at);
  state.at = state.words.length;
  for (const skipped of rest) {
    addOption(state, { name: "", written: "", owner: { kind: "core" }, at: skipped.span, values: [skipped] });
  }
}

function operation(
  state: ParseState,
  option: CoreOption,
  word: Word,
  written: string,
  glued: Word | undefined,
): void {
  const kind = option.operation;
  if (!kind) return;
  const chain = operationChain(state, option, word, written, glued);
  const parts = operationArguments(state, kind, chain, word, written);
  const from = state.negation?.span ?? word.span;
  if (state.negation) {
    refuse(state, from, `${written} cannot be negated. Remove the “!”.`);
    state.negation = undefined;
  }
  const last = parts.argument ?? parts.numberWord ?? chain ?? word;
  const span = cover(from, cover(word.span, last.span));
  if (state.operation && !goTogether(state.operation.kind, kind)) {
    const values = [chain, parts.numberWord, parts.argument].filter((value) => value !== undefined);
    addOption(state, {
      name: option.names[0] ?? written,
      written,
      owner: { kind: "core" },
      at: word.span,
      values,
    });
    refuse(
      state,
      span,
      `${written} and ${state.operation.written} cannot stand in one command. Make two commands of it.`,
    );
    return;
  }
  if (state.operation && kind === "zero") {
    addOption(state, {
      name: "zero",
      written,
      owner: { kind: "core" },
      at: word.span,
      values: chain ? [chain] : [],
    });
    return;
  }
  const { number, numberWord, argument } = parts;
  state.operation = { kind, written, chain, number, numberWord, argument, span };
}

function goTogether(a: OperationKind, b: OperationKind): boolean {
  const listing = (kind: OperationKind) => kind === "list" || kind === "listRules" || kind === "zero";
  return listing(a) && listing(b) && a !== b;
}

function operationChain(
  state: ParseState,
  option: CoreOption,
  word: Word,
  written: string,
  glued: Word | undefined,
): Word | undefined {
  if (option.argument === "none") return undefined;
  const next = state.words[state.at];
  let chain = glued;
  if (!chain && (option.argument === "one" ? next : mayBeArgument(next) ? next : undefined)) {
    chain = next;
    state.at++;
  }
  if (!chain && option.argument === "one")
    refuse(state, word.span, `${written} needs the name of a chain. Write it after the option.`);
  return chain;
}

type Parts = Pick<IptablesOperation, "number" | "numberWord" | "argument">;

function operationArguments(
  state: ParseState,
  kind: OperationKind,
  chain: Word | undefined,
  word: Word,
  written: string,
): Parts {
  const next = state.words[state.at];
  const plain = mayBeArgument(next) ? next : undefined;
  switch (kind) {
    case "insert":
      return looksLikeArgument(next) && next.unknown === undefined ? ruleNumber(state, next, written) : {};
    case "delete":
    case "replace":
      if (plain) return ruleNumber(state, plain, written);
      if (kind === "replace" && chain)
        refuse(state, word.span, "-R needs the number of the rule to replace. Write it after the chain.");
      return {};
    case "list":
    case "listRules":
    case "zero":
      return chain && looksLikeArgument(next) ? ruleNumber(state, next, written) : {};
    case "policy":
    case "renameChain": {
      if (plain) {
        state.at++;
        return { argument: plain };
      }
      const what = kind === "policy" ? "a policy, ACCEPT or DROP" : "the new name";
      if (chain) refuse(state, word.span, `${written} needs ${what}. Write it after the chain.`);
      return {};
    }
    default:
      return {};
  }
}

function ruleNumber(state: ParseState, next: Word, written: string): Parts {
  state.at++;
  if (next.unknown !== undefined) return { numberWord: next };
  const number = parseInteger(next.text, 0xffffffff);
  if (number !== undefined && number > 0) return { number, numberWord: next };
  refuse(
    state,
    next.span,
    `“${next.text}” is no rule number. After ${written} CHAIN comes a number from 1 up, or the rule.`,
  );
  return { numberWord: next };
}
