import { IntervalSet } from "../model/interval-set.ts";
import { numbers, parseV4 } from "../model/values.ts";
import { trimmed } from "./lines.ts";
import type {
  ConfigFile,
  ConfigProblem,
  Fact,
  FtpServer,
  Place,
  ServerConfig,
  Tls,
} from "./server-config.ts";
import type { VsftpdSetting } from "./vsftpd-lines.ts";
import { vsftpdSettings, vsftpdSyntaxProblems } from "./vsftpd-lines.ts";
import type { Complaint } from "./vsftpd-values.ts";
import { booleanComplaint, numberComplaint, readBoolean, readNumber } from "./vsftpd-values.ts";

/** The compiled default of pasv_min_port: tunables.c; the manual page says 0. pasv_max_port's is 0, no limit. */
const DEFAULT_PASV_MIN = 5001;

/** The compiled defaults of what is read here: tunables.c of 3.0.2, and what Debian's 3.0.3 does. */
const DEFAULT_BOOLEANS = {
  anonymous_enable: true,
  connect_from_port_20: false,
  force_anon_logins_ssl: false,
  force_local_logins_ssl: true,
  implicit_ssl: false,
  // The manual page says NO, some builds listen all the same: not stated is not known.
  listen: false,
  listen_ipv6: false,
  local_enable: false,
  pasv_addr_resolve: false,
  pasv_enable: true,
  port_enable: true,
  ssl_enable: false,
} as const;
type BooleanKey = keyof typeof DEFAULT_BOOLEANS;

const NUMBER_KEYS = ["ftp_data_port", "listen_port", "pasv_max_port", "pasv_min_port"] as const;
type NumberKey = (typeof NUMBER_KEYS)[number];

/** Reads a vsftpd.conf (vsftpd.conf(5), parseconf.c). Never throws. */
export function readVsftpd(file: ConfigFile): ServerConfig {
  const reader = new VsftpdReader(file);
  return {
    daemon: "vsftpd",
    path: file.path,
    servers: [reader.server()],
    problems: reader.problems(),
    needs: [],
  };
}

class VsftpdReader {
  readonly #file: ConfigFile;
  readonly #settings: readonly VsftpdSetting[];
  /** Of a setting that is written twice the last counts. */
  readonly #last = new Map<string, VsftpdSetting>();

  constructor(file: ConfigFile) {
    this.#file = file;
    this.#settings = vsftpdSettings(file.text);
    for (const setting of this.#settings) {
      if (setting.raw === "") this.#last.delete(setting.key);
      else this.#last.set(setting.key, setting);
    }
  }

  server(): FtpServer {
    const families = this.#families();
    return {
      controlPort: this.#controlPort(),
      ...(families && { families }),
      passivePorts: this.#passivePorts(),
      dataPort: this.#dataPort(),
      tls: this.#tls(),
      announced: this.#announced(),
    };
  }

  problems(): readonly ConfigProblem[] {
    const problems = [
      ...vsftpdSyntaxProblems(this.#file.path, this.#file.text, this.#settings),
      ...this.#settings.flatMap((setting) => this.#valueProblems(setting)),
      ...this.#rangeProblems(),
      ...this.#listenProblems(),
      ...this.#addressProblems(),
    ];
    return problems.sort((a, b) => a.span.start - b.span.start);
  }

  #places(...keys: readonly string[]): Place[] {
    return keys.flatMap((key) => {
      const setting = this.#last.get(key);
      return setting ? [this.#place(setting)] : [];
    });
  }

  #place({ line, value }: VsftpdSetting): Place {
    return { path: this.#file.path, line: trimmed(this.#file.text, line.start, line.end), value };
  }

  #boolean(key: BooleanKey): boolean {
    const setting = this.#last.get(key);
    return (setting && readBoolean(setting.raw.trim())) ?? DEFAULT_BOOLEANS[key];
  }

  #number(key: NumberKey): number | undefined {
    const setting = this.#last.get(key);
    return setting && readNumber(setting.raw);
  }

  /** vsftpd cuts ports to 16 bits without a word (standalone.c, privops.c). */
  #port(key: NumberKey, standard: number): number {
    return (this.#number(key) ?? standard) % 0x10000;
  }

  #controlPort(): Fact<number> {
    return { value: this.#port("listen_port", 21), places: this.#places("listen_port") };
  }

  /** An IPv6 socket without an address of its own takes IPv4 connections, too. */
  #families(): Fact<readonly (4 | 6)[]> | undefined {
    if (this.#boolean("listen_ipv6")) {
      const value: readonly (4 | 6)[] = this.#last.has("listen_address6") ? [6] : [4, 6];
      return { value, places: this.#places("listen_ipv6", "listen_address6") };
    }
    return this.#boolean("listen") ? { value: [4], places: this.#places("listen") } : undefined;
  }

  #passivePorts(): Fact<IntervalSet<number>> {
    if (!this.#boolean("pasv_enable"))
      return { value: IntervalSet.empty(), places: this.#places("pasv_enable") };
    const places = this.#places("pasv_min_port", "pasv_max_port");
    const { low, high } = this.#range();
    const note =
      places.length === 0
        ? `vsftpd takes any port from ${low} up when neither pasv_min_port nor pasv_max_port is set.`
        : undefined;
    return { value: numbers(low, high), places, ...(note && { note }) };
  }

  /** As vsf_privop_pasv_listen in privops.c computes it: a limit that makes no sense is ignored. */
  #range(): { low: number; high: number } {
    const min = this.#number("pasv_min_port") ?? DEFAULT_PASV_MIN;
    const max = this.#number("pasv_max_port") ?? 0;
    const low = min > 1024 && min <= 65535 ? min : 1024;
    return { low, high: max >= low && max < 65535 ? max : 65535 };
  }

  #dataPort(): Fact<number | "any" | "off"> {
    if (!this.#boolean("port_enable")) return { value: "off", places: this.#places("port_enable") };
    if (!this.#boolean("connect_from_port_20"))
      return { value: "any", places: this.#places("connect_from_port_20") };
    const port = this.#port("ftp_data_port", 20);
    return {
      value: port === 0 ? "any" : port,
      places: this.#places("connect_from_port_20", "ftp_data_port"),
    };
  }

  #tls(): Fact<Tls> {
    if (!this.#boolean("ssl_enable")) return { value: "none", places: this.#places("ssl_enable") };
    if (this.#boolean("implicit_ssl"))
      return { value: "implicit", places: this.#places("ssl_enable", "implicit_ssl") };
    const plain =
      (this.#boolean("local_enable") && !this.#boolean("force_local_logins_ssl")) ||
      (this.#boolean("anonymous_enable") && !this.#boolean("force_anon_logins_ssl"));
    const deciding = ["force_local_logins_ssl", "anonymous_enable", "force_anon_logins_ssl"];
    return { value: plain ? "optional" : "required", places: this.#places("ssl_enable", ...deciding) };
  }

  #announced(): Fact<number | "own" | "unknown"> {
    const setting = this.#last.get("pasv_address");
    if (!setting) return { value: "own", places: [] };
    const places = this.#places("pasv_address");
    // postlogin.c, handle_pasv: on an IPv6 socket the address is dropped and the reply says 0,0,0,0.
    if (this.#boolean("listen_ipv6")) return { value: 0, places, note: ZERO_ADDRESS };
    return { value: parseV4(setting.raw.trim()) ?? "unknown", places };
  }

  #valueProblems(setting: VsftpdSetting): ConfigProblem[] {
    if (setting.raw === "") return [];
    const complaint = Object.hasOwn(DEFAULT_BOOLEANS, setting.key)
      ? booleanComplaint(setting)
      : isNumberKey(setting.key)
        ? numberComplaint(setting)
        : caseComplaint(setting);
    return complaint ? [{ path: this.#file.path, span: this.#place(setting).line, ...complaint }] : [];
  }

  #rangeProblems(): ConfigProblem[] {
    const max = this.#last.get("pasv_max_port");
    const limit = this.#number("pasv_max_port");
    const { low } = this.#range();
    if (!max || !limit || limit >= low) return [];
    const message = `vsftpd ignores pasv_max_port=${limit}: it is below the lowest port, ${low}. Passive ports are ${low} to 65535.`;
    return [{ path: this.#file.path, span: this.#place(max).line, message, refused: false }];
  }

  #listenProblems(): ConfigProblem[] {
    const setting = this.#last.get("listen_ipv6");
    if (!setting || !this.#boolean("listen") || !this.#boolean("listen_ipv6")) return [];
    const message =
      "vsftpd refuses listen=YES together with listen_ipv6=YES; listen_ipv6=YES alone serves IPv4, too (500 OOPS: run two copies of vsftpd for IPv4 and IPv6).";
    return [{ path: this.#file.path, span: this.#place(setting).line, message, refused: true }];
  }

  #addressProblems(): ConfigProblem[] {
    const setting = this.#last.get("pasv_address");
    if (!setting) return [];
    const message = this.#addressComplaint(setting.raw.trim());
    if (message === undefined) return [];
    return [{ path: this.#file.path, span: this.#place(setting).line, message, refused: false }];
  }

  #addressComplaint(address: string): string | undefined {
    if (this.#boolean("listen_ipv6")) return ZERO_ADDRESS;
    if (parseV4(address) !== undefined || this.#boolean("pasv_addr_resolve")) return undefined;
    return "vsftpd ends the session at PASV: pasv_address is no IPv4 address (500 OOPS: invalid pasv_address). A host name needs pasv_addr_resolve=YES.";
  }
}

const ZERO_ADDRESS =
  "With listen_ipv6=YES vsftpd drops pasv_address and answers PASV with the address 0,0,0,0; listen=YES and listen_ipv6=NO make it work.";

function isNumberKey(key: string): key is NumberKey {
  return (NUMBER_KEYS as readonly string[]).includes(key);
}

function caseComplaint({ key }: VsftpdSetting): Complaint | undefined {
  const known = Object.hasOwn(DEFAULT_BOOLEANS, key.toLowerCase()) || isNumberKey(key.toLowerCase());
  if (!known) return undefined;
  const message = `vsftpd refuses ${key}: its settings are written in small letters (500 OOPS: unrecognised variable in config file).`;
  return { message, refused: true };
}
