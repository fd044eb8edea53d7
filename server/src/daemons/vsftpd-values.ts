import type { ConfigProblem } from "./server-config.ts";
import type { VsftpdSetting } from "./vsftpd-lines.ts";

export function readBoolean(value: string): boolean | undefined {
  if (/^(yes|true|1)$/i.test(value)) return true;
  return /^(no|false|0)$/i.test(value) ? false : undefined;
}

/** As parseconf.c reads numbers: octal after a leading 0, else C's atoi, which stops at the first letter. */
export function readNumber(raw: string): number {
  if (raw.startsWith("0")) return Number.parseInt(/^[0-7]+/.exec(raw)?.[0] ?? "0", 8) % 2 ** 32;
  const [, sign = "", digits = "0"] = /^\s*([+-]?)(\d+)/.exec(raw) ?? [];
  const value = Number(digits) % 2 ** 32;
  return sign === "-" && value !== 0 ? 2 ** 32 - value : value;
}

/** What is wrong with a value. */
export type Complaint = Pick<ConfigProblem, "message" | "refused">;

export function booleanComplaint({ key, raw }: VsftpdSetting): Complaint | undefined {
  if (readBoolean(raw) !== undefined) return undefined;
  const reason = raw.endsWith("\r")
    ? "the line ends with a carriage return"
    : raw !== raw.trim()
      ? "there are blanks beside the value"
      : "the value is neither YES nor NO";
  const message = `vsftpd refuses ${key} here: ${reason} (500 OOPS: bad bool value in config file).`;
  return { message, refused: true };
}

export function numberComplaint({ key, raw }: VsftpdSetting): Complaint | undefined {
  const value = readNumber(raw);
  const text = raw.trim();
  const say = (message: string): Complaint => ({ message, refused: false });
  if (!/^\s*[+-]?\d/.test(raw)) return say(`${text} is no number: vsftpd takes ${key} to be 0.`);
  if (/^0\d/.test(raw)) return say(`vsftpd reads a number with a leading 0 as octal: ${key} is ${value}.`);
  if (!/^[+-]?\d+$/.test(text)) return say(`vsftpd reads ${value} and ignores the rest of the value.`);
  if (!key.startsWith("pasv_"))
    return value > 65535 ? say(`${text} is no port: vsftpd takes port ${value % 0x10000}.`) : undefined;
  if (value > 65535) return say(`vsftpd ignores ${key}: ${text} is no port.`);
  if (value > 0 && value < 1024 && key === "pasv_min_port")
    return say("vsftpd uses no passive port below 1024: it starts there.");
  return undefined;
}
