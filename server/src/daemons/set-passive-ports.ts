import type { TextEdit } from "../text/edit.ts";
import type { Span } from "../text/span.ts";
import { span } from "../text/span.ts";
import { insertAfter, linesOf, replacement } from "./lines.ts";
import type { PassiveRange } from "./passive-range.ts";
import { canPin } from "./passive-range.ts";
import { nameOf } from "./paths.ts";
import { folderLines, pureLines } from "./pure-ftpd-options.ts";
import { recogniseServerConfig } from "./recognise.ts";
import type { ConfigFile } from "./server-config.ts";
import { setProftpdPassivePorts } from "./set-proftpd-passive-ports.ts";
import { setVsftpdPassivePorts } from "./set-vsftpd-passive-ports.ts";

/**
 * The edits that pin the server to a range of passive ports, in its author's style: numbers are replaced where they
 * stand, missing lines put beside their likes. No edits where the text says it already. Undefined when the file
 * is not a configuration that can say it, or the server refuses such a range. Never throws.
 */
export function setPassivePorts(file: ConfigFile, range: PassiveRange): readonly TextEdit[] | undefined {
  const recognised = recogniseServerConfig(file.path, file.text);
  if (!recognised || !canPin(recognised.daemon, range)) return undefined;
  if (recognised.daemon === "vsftpd") return setVsftpdPassivePorts(file.text, range);
  if (recognised.daemon === "proftpd") return setProftpdPassivePorts(file, range);
  return recognised.form === "option" ? setOption(file, range) : setPureFtpdPassivePorts(file, range);
}

/** Of several lines the last counts. */
function setPureFtpdPassivePorts(file: ConfigFile, range: PassiveRange): readonly TextEdit[] {
  const { text } = file;
  const lines = pureLines(file);
  const last = lines.findLast((line) => line.name.toLowerCase() === "passiveportrange");
  if (last) {
    const numbers = replaceNumbers(text, last.place.value, range);
    const rest = span(last.place.line.start + last.name.length, last.place.line.end);
    return numbers ?? [{ span: rest, newText: ` ${asText(range)}` }];
  }
  const comment = linesOf(text).findLast((line) => COMMENTED.test(text.slice(line.start, line.end)));
  const related = lines.findLast((line) => /^(forcepassiveip|bind|natmode)$/i.test(line.name))?.line;
  const head = comment && COMMENTED.exec(text.slice(comment.start, comment.end))?.[1];
  return [insertAfter(text, comment ?? related, [(head ?? "PassivePortRange ") + asText(range)])];
}

const COMMENTED = /^[ \t]*#[ \t]*(PassivePortRange[ \t]+)\d/i;

/** The file PassivePortRange of Debian's folder: its first line that says something. */
function setOption(file: ConfigFile, range: PassiveRange): readonly TextEdit[] | undefined {
  if (nameOf(file.path) !== "PassivePortRange") return undefined;
  const [place] = folderLines(file);
  if (!place) return [insertAfter(file.text, undefined, [asText(range)])];
  return replaceNumbers(file.text, place.value, range) ?? [{ span: place.value, newText: asText(range) }];
}

function asText({ low, high }: PassiveRange): string {
  return `${low} ${high}`;
}

/** Two numbers are replaced one by one, so that what stands between them stays; undefined for anything else. */
function replaceNumbers(
  text: string,
  { start, end }: Span,
  range: PassiveRange,
): readonly TextEdit[] | undefined {
  const [all, first = "", gap = ""] = /^(\d+)([ \t]+)\d+$/.exec(text.slice(start, end)) ?? [];
  if (all === undefined) return undefined;
  const second = start + first.length + gap.length;
  return [
    ...replacement(text, span(start, start + first.length), String(range.low)),
    ...replacement(text, span(second, end), String(range.high)),
  ];
}
