import type { FtpServer, Place, ServerConfig } from "../../../server/src/daemons/server-config.ts";
import { formatV4 } from "../../../server/src/model/values.ts";

/** A server in one line: `21 v4+6 passive 30000-30100 data 20 tls none own`. */
export function inOneLine(server: FtpServer): string {
  const { controlPort, families, dataPort, tls, announced } = server;
  const address = typeof announced.value === "number" ? formatV4(announced.value) : announced.value;
  return [
    ...(server.name ? [server.name] : []),
    controlPort.value,
    `v${families?.value.join("+") ?? "?"}`,
    `passive ${ports(server)}`,
    `data ${dataPort.value}`,
    `tls ${tls.value}`,
    address,
  ].join(" ");
}

function ports({ passivePorts }: FtpServer): string {
  const { bounds } = passivePorts.value;
  const pairs = Array.from(
    { length: bounds.length / 2 },
    (_, i) => `${bounds[2 * i]}-${bounds[2 * i + 1]! - 1}`,
  );
  return pairs.join(",") || "off";
}

export function problems(config: ServerConfig): string[] {
  return config.problems.map(({ refused, message }) => (refused ? `refused: ${message}` : message));
}

/** The text at a place: its line, then its value. */
export function textAt(text: string, { line, value }: Place): [string, string] {
  return [text.slice(line.start, line.end), text.slice(value.start, value.end)];
}
