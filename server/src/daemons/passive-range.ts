import type { Daemon } from "./server-config.ts";
import { DAEMON_NAMES } from "./server-config.ts";

/** Ports `low` to `high`, both included. */
export interface PassiveRange {
  readonly low: number;
  readonly high: number;
}

/**
 * Whether a server can be held to exactly this range: vsftpd ignores ports below 1024, the others refuse them;
 * ProFTPD also wants two different ports (mod_core.c, set_passiveports).
 */
export function canPin(daemon: Daemon, { low, high }: PassiveRange): boolean {
  const valid = Number.isInteger(low) && Number.isInteger(high) && low >= 1024 && high <= 65535;
  return valid && (daemon === "proftpd" ? low < high : low <= high);
}

/** What pins one server to a range of passive ports. */
export interface Pin {
  readonly daemon: Daemon;
  /** The configuration file's name, without a folder where every system has another one. */
  readonly file: string;
  readonly lines: readonly string[];
}

/** The lines that pin the common servers to a range; without those that cannot be pinned to it. */
export function pinsFor(range: PassiveRange): readonly Pin[] {
  const { low, high } = range;
  const pins: readonly Pin[] = [
    { daemon: "vsftpd", file: "vsftpd.conf", lines: [`pasv_min_port=${low}`, `pasv_max_port=${high}`] },
    { daemon: "proftpd", file: "proftpd.conf", lines: [`PassivePorts ${low} ${high}`] },
    { daemon: "pure-ftpd", file: "pure-ftpd.conf", lines: [`PassivePortRange ${low} ${high}`] },
    { daemon: "pure-ftpd", file: "/etc/pure-ftpd/conf/PassivePortRange", lines: [`${low} ${high}`] },
  ];
  return pins.filter((pin) => canPin(pin.daemon, range));
}

/** The pins in one phrase: `vsftpd pasv_min_port=… pasv_max_port=…; ProFTPD …; Pure-FTPd …`. */
export function describePins(range: PassiveRange): string {
  const named = pinsFor(range).filter((pin) => !pin.file.includes("/"));
  return named.map((pin) => `${DAEMON_NAMES[pin.daemon]} ${pin.lines.join(" ")}`).join("; ");
}
