import type { Span } from "../text/span.ts";
import { span } from "../text/span.ts";
import type { Line } from "./lines.ts";
import { isBlank, linesOf, trimmed } from "./lines.ts";
import type { ConfigProblem } from "./server-config.ts";

/** `key=value` on a line of a vsftpd.conf. */
export interface VsftpdSetting {
  readonly line: Line;
  /** Without blanks, even where vsftpd would take them for part of the name. */
  readonly key: string;
  readonly keySpan: Span;
  /** What vsftpd takes for the value: everything behind the first =, a carriage return included. */
  readonly raw: string;
  /** The value without blanks around it. */
  readonly value: Span;
  readonly hasEquals: boolean;
}

/** The lines that set something. A comment starts in the first column; blanks before a setting are skipped. */
export function vsftpdSettings(text: string): VsftpdSetting[] {
  return linesOf(text).flatMap((line) => settingOf(text, line) ?? []);
}

function settingOf(text: string, line: Line): VsftpdSetting | undefined {
  const body = trimmed(text, line.start, line.end);
  if (text[line.start] === "#" || body.start === body.end) return undefined;
  const sign = text.slice(body.start, line.end).indexOf("=");
  const equals = sign < 0 ? line.end : body.start + sign;
  const keySpan = trimmed(text, body.start, equals);
  return {
    line,
    key: text.slice(keySpan.start, keySpan.end),
    keySpan,
    raw: sign < 0 ? "" : text.slice(equals + 1, line.next).replace(/\n$/, ""),
    value:
      sign < 0 ? span(keySpan.end, keySpan.end) : trimmed(text, Math.min(equals + 1, line.end), line.end),
    hasEquals: sign >= 0,
  };
}

/** Settings that may be empty: parseconf.c, parseconf_str_array. */
const STRINGS =
  /^(secure_chroot_dir|ftp_username|chown_username|xferlog_file|vsftpd_log_file|message_file|nopriv_user|ftpd_banner|banned_email_file|chroot_list_file|pam_service_name|guest_username|userlist_file|anon_root|local_root|banner_file|pasv_address|listen_address6?|user_config_dir|cmds_allowed|cmds_denied|hide_file|deny_file|user_sub_token|email_password_file|[rd]sa_cert_file|ssl_ciphers|[rd]sa_private_key_file|ca_certs_file)$/;

/** What makes vsftpd (3.0.3) stop with `500 OOPS` before it looks at any value. */
export function vsftpdSyntaxProblems(
  path: string,
  text: string,
  settings: readonly VsftpdSetting[],
): ConfigProblem[] {
  return settings.flatMap((setting) => {
    const message = complaint(text, setting);
    const line = trimmed(text, setting.line.start, setting.line.end);
    return message === undefined ? [] : [{ path, span: line, message, refused: true }];
  });
}

function complaint(text: string, { key, keySpan, raw, hasEquals }: VsftpdSetting): string | undefined {
  if (key.startsWith("\ufeff"))
    return "vsftpd refuses the byte order mark at the beginning of the file (500 OOPS: unrecognised variable).";
  if (key.startsWith("#"))
    return "vsftpd refuses this line: a comment has to start in the first column (500 OOPS: missing value, or unrecognised variable).";
  if (hasEquals && isBlank(text, keySpan.end))
    return `vsftpd refuses blanks before =: write ${key}=… (500 OOPS: unrecognised variable in config file).`;
  if (raw === "" && !STRINGS.test(key))
    return `vsftpd refuses ${key} without a value (500 OOPS: missing value in config file).`;
  return undefined;
}
