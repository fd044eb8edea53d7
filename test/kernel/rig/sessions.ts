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

export interface SessionResult {
  readonly outcome: Outcome;
  /** The client's error, and the last reply that the server gave. */
  readonly detail: string;
  readonly seconds: number;
}

export type SessionResults = Readonly<Record<SessionName, SessionResult>>;

/** How client and server talk, where it is not the plain session. */
export interface Talk {
  readonly tls?: "none" | "explicit" | "implicit";
  /** The server's source port in active mode; 20 unless told otherwise. Heeded on port 990 alone. */
  readonly dataPort?: number | "any";
}

export interface SessionPlan {
  /** What the client dials. */
  readonly connectTo: Addresses;
  readonly port: number;
  readonly tls: NonNullable<Talk["tls"]>;
  readonly file: Offered;
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
      tls: plan.tls,
    })),
    file: plan.file.name,
    digest: plan.file.digest,
    patience: plan.patience,
  });
  return answer.results;
}
