import { fileURLToPath } from "node:url";
import type { SessionKind } from "../host.ts";
import type { Lab } from "./lab.ts";

export type ClientName = "ftplib" | "curl" | "lftp";
export const clientNames: readonly ClientName[] = ["ftplib", "curl", "lftp"];

export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** How a client is run; what is not given is left to it. */
export interface Wish {
  readonly mode: "active" | "passive";
  /** Seconds after which it gives up on a connection. */
  readonly patience?: number;
  /** Options of curl, settings of lftp, attributes of ftplib's client. */
  readonly extra?: readonly string[];
}

/** What the simulator is told of a client. */
export const clientKinds: Record<ClientName, SessionKind> = {
  ftplib: { commands: "standard", pasvAddress: "ignore" },
  curl: { commands: "extended", pasvAddress: "ignore" },
  lftp: { commands: "standard", pasvAddress: "follow" },
};

const ftplib = fileURLToPath(new URL("ftplib_client.py", import.meta.url));

/** A command that fetches `small.txt` and writes it to standard output, what it talks about to standard error. */
export function clientCommand(name: ClientName, login: Login, wish: Wish): string[] {
  const { host, port, user, password } = login;
  const { mode, patience, extra = [] } = wish;
  const bracketed = host.includes(":") ? `[${host}]` : host;
  switch (name) {
    case "ftplib":
      return ["python3", ftplib, host, String(port), user, password, mode, String(patience ?? ""), ...extra];
    case "curl": {
      const how = mode === "active" ? ["--ftp-port", "-"] : [];
      const limits = patience
        ? ["--connect-timeout", String(patience), "--max-time", String(3 * patience)]
        : [];
      const who = ["--user", `${user}:${password}`];
      return [
        "curl",
        "-q",
        "-sv",
        ...how,
        ...limits,
        ...who,
        ...extra,
        `ftp://${bracketed}:${port}/small.txt`,
      ];
    }
    case "lftp": {
      const settings = [
        ...(mode === "active" ? ["ftp:passive-mode no"] : []),
        ...(patience ? [`net:timeout ${patience}`, "net:max-retries 1", "ftp:auto-passive-mode no"] : []),
        ...extra,
      ];
      const lines = settings.map((setting) => `set ${setting}`);
      const open = `open -p ${port} -u ${user},${password} ftp://${bracketed}`;
      return ["lftp", "--norc", "-c", ["debug 5", ...lines, open, "cat small.txt"].join("; ")];
    }
  }
}

/** The client's own version. */
export async function clientVersion(lab: Lab, name: ClientName): Promise<string> {
  const command = {
    ftplib: ["python3", "--version"],
    curl: ["curl", "--version"],
    lftp: ["lftp", "--version"],
  };
  const { stdout } = await lab.run("client", command[name]);
  return /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? "unknown";
}
