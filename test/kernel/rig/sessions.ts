import type { Offered } from "./ftp-server.ts";
import type { Addresses } from "./topology.ts";
import type { Worker } from "./worker.ts";

/** The four sessions of a ruleset: a mode in a family. */
export const sessionNames = ["active4", "passive4", "active6", "passive6"] as const;
export type SessionName = (typeof sessionNames)[number];

/**
 * `works`: the file arrives whole. `blocked`: the login succeeds, the transfer does not.
 * `no-control`: no login.
 */
export type Outcome = "works" | "blocked" | "no-control";

export type Outcomes = Readonly<Record<SessionName, Outcome>>;

/** Something for each of the four sessions. */
export function bySession<Value>(value: (name: SessionName) => Value): Record<SessionName, Value> {
  return {
    active4: value("active4"),
    passive4: value("passive4"),
    active6: value("active6"),
    passive6: value("passive6"),
  };
}

export interface SessionResult {
  readonly outcome: Outcome;
  /** The client's error, and the last reply that the server gave. */
  readonly detail: string;
  readonly seconds: number;
}

export type SessionResults = Readonly<Record<SessionName, SessionResult>>;

/** How client and server talk, where it is not the plain session. */
export interface Conversation {
  readonly tls?: "none" | "explicit" | "implicit";
  /** The server's source port in active mode; 20 unless told otherwise. Heeded with implicit TLS alone. */
  readonly dataPort?: number | "any";
  /** Whether the client connects to the address in the 227 reply, or to the one that it dialled. */
  readonly pasvAddress?: "ignore" | "follow";
  /** The address in the server's 227 reply, as a number, where it is not the server's own. */
  readonly announced?: { readonly 4?: number };
  /** "extended": EPRT and EPSV over IPv4, too. */
  readonly commands?: "standard" | "extended";
}

export interface SessionPlan {
  /** What the client dials. */
  readonly connectTo: Addresses;
  readonly port: number;
  readonly conversation?: Conversation;
  readonly file: Offered;
  /** The client sends the file instead of fetching it. */
  readonly upload?: boolean;
  /** Seconds of silence after which the client gives up; above one, so that one SYN may get lost. */
  readonly patience: number;
}

/** Runs the four sessions side by side; none of them shares a connection or a port with another. */
export async function runSessions(client: Worker, plan: SessionPlan): Promise<SessionResults> {
  const answer = await client.ask<{ results: SessionResults }>({
    do: "sessions",
    sessions: sessionNames.map((name) => ({
      name,
      mode: name.startsWith("active") ? "active" : "passive",
      host: name.endsWith("4") ? plan.connectTo.ipv4 : plan.connectTo.ipv6,
      port: plan.port,
      tls: plan.conversation?.tls ?? "none",
      follow: plan.conversation?.pasvAddress === "follow",
      extended: plan.conversation?.commands === "extended",
    })),
    upload: plan.upload ?? false,
    size: plan.file.size,
    file: plan.file.name,
    digest: plan.file.digest,
    patience: plan.patience,
  });
  return answer.results;
}
