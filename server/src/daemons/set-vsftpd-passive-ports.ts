import type { TextEdit } from "../text/edit.ts";
import { span } from "../text/span.ts";
import type { Line } from "./lines.ts";
import { insertAfter, insertBefore, linesOf, replacement } from "./lines.ts";
import type { PassiveRange } from "./passive-range.ts";
import type { VsftpdSetting } from "./vsftpd-lines.ts";
import { vsftpdSettings } from "./vsftpd-lines.ts";

const MIN = "pasv_min_port";
const MAX = "pasv_max_port";

/** Settings beside which the range is looked for, likeliest first. */
const RELATED = [/^pasv_/, /^(connect_from_port_20|ftp_data_port|port_enable)$/, /^listen/];

/** The edits that pin a vsftpd.conf to a range that vsftpd takes. */
export function setVsftpdPassivePorts(text: string, { low, high }: PassiveRange): readonly TextEdit[] {
  const settings = vsftpdSettings(text);
  const min = settings.findLast((setting) => setting.key === MIN);
  const max = settings.findLast((setting) => setting.key === MAX);
  return [
    ...(min ? setNumber(text, min, low) : []),
    ...(max ? setNumber(text, max, high) : []),
    ...insertions(text, settings, { min, max }, [`${MIN}=${low}`, `${MAX}=${high}`]),
  ];
}

/** Replaces the number and leaves what stands behind it; mends a line that vsftpd refuses. */
function setNumber(text: string, { raw, value, keySpan }: VsftpdSetting, port: number): readonly TextEdit[] {
  const number = /^\S+/.exec(text.slice(value.start, value.end))?.[0] ?? "";
  const at = span(value.start, value.start + number.length);
  const between = text.slice(keySpan.end, value.start);
  const written = between === "=" || (between.startsWith("=") && raw.trim() !== "");
  return written
    ? replacement(text, at, String(port))
    : [{ span: span(keySpan.end, at.end), newText: `=${port}` }];
}

interface Present {
  readonly min: VsftpdSetting | undefined;
  readonly max: VsftpdSetting | undefined;
}

function insertions(
  text: string,
  settings: readonly VsftpdSetting[],
  { min, max }: Present,
  [minLine, maxLine]: readonly [string, string],
): TextEdit[] {
  if (min && max) return [];
  if (min) return [insertAfter(text, commentedOut(text, MAX) ?? min.line, [maxLine])];
  if (max) {
    const comment = commentedOut(text, MIN);
    return [comment ? insertAfter(text, comment, [minLine]) : insertBefore(text, max.line, [minLine])];
  }
  return insertBoth(text, settings, minLine, maxLine);
}

function insertBoth(
  text: string,
  settings: readonly VsftpdSetting[],
  minLine: string,
  maxLine: string,
): TextEdit[] {
  const minComment = commentedOut(text, MIN);
  const maxComment = commentedOut(text, MAX);
  if (minComment && maxComment)
    return [insertAfter(text, minComment, [minLine]), insertAfter(text, maxComment, [maxLine])];
  const place = minComment ?? maxComment ?? relatedLine(settings);
  return [insertAfter(text, place, [minLine, maxLine])];
}

/** The last line that is this setting behind a #. */
function commentedOut(text: string, key: string): Line | undefined {
  const pattern = new RegExp(`^#+[ \\t]*${key}[ \\t]*=`);
  return linesOf(text).findLast((line) => pattern.test(text.slice(line.start, line.end)));
}

function relatedLine(settings: readonly VsftpdSetting[]): Line | undefined {
  for (const pattern of RELATED) {
    const found = settings.findLast((setting) => pattern.test(setting.key));
    if (found) return found.line;
  }
  return undefined;
}
