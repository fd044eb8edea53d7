import { type FilterCall, isOption, linesOf, printed } from "./filter-call.ts";
import { regularExpression, search } from "./regular-expression.ts";

/** `s/…/…/g` and `/…/d`, one after the other; anything else is not followed. */
export function sed(args: readonly string[]): FilterCall | undefined {
  const extended = args.some((text) => text === "-E" || text === "-r");
  const quiet = args.some((text) => QUIET.test(text));
  const rest = args.filter((text) => text !== "-E" && text !== "-r" && !QUIET.test(text));
  const scripts: string[] = [];
  const files: string[] = [];
  for (let at = 0; at < rest.length; at++) {
    if (rest[at] === "-e") scripts.push(rest[++at] ?? "");
    else if (isOption(rest[at]!)) return undefined;
    else files.push(rest[at]!);
  }
  if (scripts.length === 0) scripts.push(files.shift() ?? "");
  const makeStep = quiet ? sedPrint : sedStep;
  const steps = scripts.flatMap((script) => {
    // A semicolon may stand in what is replaced, too.
    const whole = makeStep(script.trim(), extended);
    return whole ? [whole] : script.split(/;\s*(?=s|\/)/).map((one) => makeStep(one.trim(), extended));
  });
  if (steps.some((step) => step === undefined) || (quiet && steps.length > 1)) return undefined;
  return {
    files,
    filter: (text) => {
      let lines: string[] | undefined = linesOf(text);
      for (const step of steps) lines = lines && step!(lines);
      return lines && printed(lines);
    },
  };
}

const QUIET = /^(?:-n|--quiet|--silent)$/;

/** With `-n`: `3p`, `2,4p`, `/…/p` and `s/…/…/p` print what they choose. */
function sedPrint(script: string, extended: boolean): ReturnType<typeof sedStep> {
  const [, from, to] = /^(\d+|\$)(?:,(\d+|\$))?p$/.exec(script) ?? [];
  if (from !== undefined)
    return (lines) => {
      const number = (text: string) => (text === "$" ? lines.length : Number(text));
      return lines.slice(number(from) - 1, number(to ?? from));
    };
  const [, chosen] = /^\/((?:[^/\\]|\\.)*)\/p$/.exec(script) ?? [];
  if (chosen !== undefined) {
    const expression = regularExpression(chosen, extended);
    return expression && ((lines) => lines.filter((line) => search(expression, line)));
  }
  const [, replacing] = /^(s.+)p$/.exec(script) ?? [];
  const step = replacing === undefined ? undefined : sedStep(replacing, extended);
  const delimiter = script.charAt(1);
  const pattern = regularExpression(splitAt(script.slice(2), delimiter)[0] ?? "", extended);
  return step && pattern && ((lines) => step(lines.filter((line) => search(pattern, line))));
}

function sedStep(
  script: string,
  extended: boolean,
): ((lines: readonly string[]) => string[] | undefined) | undefined {
  const [, deleted] = /^\/((?:[^/\\]|\\.)*)\/d$/.exec(script) ?? [];
  if (deleted !== undefined) {
    const expression = regularExpression(deleted, extended);
    return expression && ((lines) => lines.filter((line) => search(expression, line) === null));
  }
  const delimiter = /^s([^\w\s\\])/.exec(script)?.[1];
  if (delimiter === undefined) return undefined;
  const [from, to, flags, ...more] = splitAt(script.slice(2), delimiter);
  if (from === undefined || to === undefined || more.length > 0 || !/^g?$/.test(flags ?? "x"))
    return undefined;
  const expression = regularExpression(from, extended, flags);
  const parts = replacementParts(to);
  if (expression === undefined || parts === undefined) return undefined;
  return (lines) => {
    if (lines.some((line) => search(new RegExp(expression, "s"), line) === undefined)) return undefined;
    return lines
      .map((line) => line.replace(expression, (...found: (string | undefined)[]) => replaced(parts, found)))
      .flatMap((line) => line.split("\n"));
  };
}

/** What a match is replaced by: texts, and numbers of groups (0: all of it). */
function replacementParts(text: string): (string | number)[] | undefined {
  const parts: (string | number)[] = [];
  for (const [part] of text.matchAll(/\\.|&|[^\\&]+|\\/gs)) {
    if (part === "&") parts.push(0);
    else if (/^\\\d$/.test(part)) parts.push(Number(part.charAt(1)));
    else if (part === "\\n") parts.push("\n");
    else if (part === "\\t") parts.push("\t");
    else if (/^\\\W$/.test(part)) parts.push(part.charAt(1));
    else if (part.startsWith("\\")) return undefined;
    else parts.push(part);
  }
  return parts;
}

function replaced(parts: readonly (string | number)[], found: readonly (string | undefined)[]): string {
  return parts.map((part) => (typeof part === "string" ? part : (found[part] ?? ""))).join("");
}

function splitAt(text: string, delimiter: string): string[] {
  const parts = [""];
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\" && text.charAt(at + 1) === delimiter) parts[parts.length - 1] += text.charAt(++at);
    else if (character === delimiter) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}
