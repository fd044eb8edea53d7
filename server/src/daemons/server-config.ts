import type { IntervalSet } from "../model/interval-set.ts";
import type { Span } from "../text/span.ts";

export type Daemon = "vsftpd" | "proftpd" | "pure-ftpd";

/** What people call the programs. */
export const DAEMON_NAMES: Readonly<Record<Daemon, string>> = {
  vsftpd: "vsftpd",
  proftpd: "ProFTPD",
  "pure-ftpd": "Pure-FTPd",
};

export interface ConfigFile {
  /** A path or URI, as the host gave it. */
  readonly path: string;
  readonly text: string;
}

/** Where a setting was written; spans are offsets in the text of the file at `path`. */
export interface Place {
  readonly path: string;
  /** The whole line, without blanks around it and without its ending. */
  readonly line: Span;
  /** The value alone. */
  readonly value: Span;
  /** ProFTPD: the block that the setting depends on, taken to hold: `<IfModule mod_tls.c>`. */
  readonly condition?: string;
}

/** One thing a configuration decides. */
export interface Fact<T> {
  readonly value: T;
  /** The lines that decide it; none when the program's default does. */
  readonly places: readonly Place[];
  /** What the lines alone do not tell, as a sentence: a default, or a setting that does not do what it seems to. */
  readonly note?: string;
}

/** `optional`: explicit TLS (AUTH TLS) for clients that ask; `required`: no login without it; `implicit`: from the first byte. */
export type Tls = "none" | "optional" | "required" | "implicit";

/** What one FTP server does; a ProFTPD configuration can describe several. */
export interface FtpServer {
  /** The line that opens its block, `<VirtualHost 192.0.2.1>`; undefined for the main server. */
  readonly name?: string;
  /** TCP port of the control connection; `unknown` when it is named and not one of FTP's own names. */
  readonly controlPort: Fact<number | "unknown">;
  /** The IP versions it listens on; undefined when the configuration leaves that to whoever starts it (inetd, systemd). */
  readonly families?: Fact<readonly (4 | 6)[]>;
  /** The ports it may name in passive mode; empty when passive mode is switched off. */
  readonly passivePorts: Fact<IntervalSet<number>>;
  /** Its source port in active mode; `off` when it refuses active mode. */
  readonly dataPort: Fact<number | "any" | "off">;
  readonly tls: Fact<Tls>;
  /** The IPv4 address in its 227 replies, as a number; `own`: the one the client dialled. */
  readonly announced: Fact<number | "own" | "unknown">;
}

/** Something the program itself would refuse, ignore or read differently than it looks. */
export interface ConfigProblem {
  readonly path: string;
  readonly span: Span;
  readonly message: string;
  /** The program does not start with it. */
  readonly refused: boolean;
}

/** A file that the configuration reads as well and that was not given. */
export interface ConfigNeed {
  /** As written; may be a folder or hold wildcards. */
  readonly pattern: string;
  /** Paths worth a try, likeliest first; empty when the pattern names more than one file. */
  readonly candidates: readonly string[];
  readonly place: Place;
}

export interface ServerConfig {
  readonly daemon: Daemon;
  /** The file it starts from; for Pure-FTPd's folder form the folder. */
  readonly path: string;
  /** Those that listen. */
  readonly servers: readonly FtpServer[];
  readonly problems: readonly ConfigProblem[];
  readonly needs: readonly ConfigNeed[];
}
