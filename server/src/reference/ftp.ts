import type { Mode } from "../ftp/scenario.ts";

/** The connections of both modes; the arrows point from who opens to who listens. */
export const FTP_PICTURE = `active    client >1023  ──────────▶  21    server   control
          client >1023  ◀──────────  20    server   data, opened by the server
passive   client >1023  ──────────▶  21    server   control
          client >1023  ──────────▶  >1023 server   data, opened by the client`;

/** The checks whose pages say most about FTP and firewalls, each with its subject. */
export const FTP_PAGES: Readonly<Record<string, string>> = {
  "active-data-blocked": "active mode",
  "passive-data-blocked": "passive mode",
  "helper-not-assigned": "the conntrack helper",
};

/** One line of a session: what is sent, by whom, on which connection. */
export interface FtpStep {
  readonly connection: "control" | "data";
  readonly sender: "client" | "server";
  readonly text: string;
  readonly meaning: string;
}

function step(connection: FtpStep["connection"], sender: FtpStep["sender"], text: string, meaning: string) {
  return { connection, sender, text, meaning };
}

/** Logging in, the same in both modes (RFC 959, section 5.4). */
export const FTP_LOGIN: readonly FtpStep[] = [
  step("control", "client", "opens", "to port 21, the server greets: 220"),
  step("control", "client", "USER, PASS", "who I am; replies 331, 230"),
];

const TRANSFER: readonly FtpStep[] = [step("control", "client", "RETR file", "send it")];

const END: readonly FtpStep[] = [
  step("data", "server", "the file", "then closes"),
  step("control", "server", "226", "transfer complete"),
];

/** One transfer after the login: RFC 959 (PORT, PASV), RFC 2428 (EPRT, EPSV, also for IPv6). */
export const FTP_TRANSFER: Readonly<Record<Mode, readonly FtpStep[]>> = {
  active: [
    step("control", "client", "PORT / EPRT", "I listen on address, port"),
    step("control", "server", "200", "understood"),
    ...TRANSFER,
    step("data", "server", "opens", "from port 20 to the client's port"),
    step("control", "server", "150", "transfer starts"),
    ...END,
  ],
  passive: [
    step("control", "client", "PASV / EPSV", "where do you listen?"),
    step("control", "server", "227 / 229", "I listen on address, port"),
    step("data", "client", "opens", "to the server's port"),
    ...TRANSFER,
    step("control", "server", "150", "transfer starts"),
    ...END,
  ],
};

/** The two ways to let data connections through, and when the first is none. */
export const FTP_WAYS =
  "Either conntrack's FTP helper reads the control connection and the data connection it announces is accepted as `RELATED`, or the data ports are opened by number: the server's passive range, and for active mode what the server sends from port 20. With TLS (`AUTH TLS`, or ports 990 and 989) only the second works: the helper cannot read what is encrypted.";

export const FTP_SOURCE = "RFC 959, RFC 2428; kernel net/netfilter/nf_conntrack_ftp.c";
