import { writeSync } from "node:fs";
import type { Severity } from "../text/problem.ts";

/** Writes to standard output, all of it, before the program goes on; a reader that has left ends it quietly. */
export function print(text: string): void {
  printBytes(Buffer.from(text, "utf8"));
}

export function printBytes(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSome(1, bytes.subarray(at));
}

/** One line on standard error. */
export function complain(line: string): void {
  const bytes = Buffer.from(`ftp-firewall: ${line}\n`, "utf8");
  try {
    for (let at = 0; at < bytes.length; ) at += writeSome(2, bytes.subarray(at));
  } catch {
    // Nobody reads standard error: the exit status has to say it.
  }
}

function writeSome(descriptor: number, bytes: Uint8Array): number {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    if (error.code === "EPIPE" && descriptor === 1) process.exit();
    if (error.code !== "EAGAIN") throw error;
    // A full pipe whose other end is slow: wait a little, without spinning.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    return 0;
  }
}

type Style = "bold" | "dim" | "red" | "yellow" | "blue" | "green";

const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34 };

/** Paints text for a terminal, or leaves it alone. */
export type Paint = (text: string, ...styles: Style[]) => string;

/** Colours only for a terminal, and not where NO_COLOR asks for none (no-color.org). */
export function painter(): Paint {
  const colours = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  return colours
    ? (text, ...styles) => `\u001b[${styles.map((style) => CODES[style]).join(";")}m${text}\u001b[0m`
    : (text) => text;
}

export const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = {
  error: "red",
  warning: "yellow",
  info: "blue",
  hint: "green",
};
