import type { RandomHost } from "../random/generate.ts";
import { clientAddresses } from "./network.ts";
import type { Compared } from "./trial.ts";

/** A ruleset and the sessions on which kernel and simulator differ. */
export function describe({ on, files }: RandomHost, differing: readonly Compared[]): string {
  return [
    `on the ${on}`,
    ...files.map(({ kind, text }) => `--- ${kind}\n${text.trimEnd()}`),
    ...differing.map(describePoint),
  ].join("\n");
}

function describePoint({ point, result, prediction }: Compared): string {
  const { mode, family, client, serverPort, clientPort } = point;
  const address = clientAddresses[client]![family === 4 ? "ipv4" : "ipv6"];
  const ports =
    mode === "passive" ? `passive port ${serverPort}` : `from port ${serverPort} to port ${clientPort}`;
  return [
    `  ${mode} over IPv${family}, client ${address}, ${ports}: the kernel says ${result.outcome}, ` +
      `the simulator ${[...prediction.possible].join(" or ") || "nothing"}, the sets ${prediction.shown}`,
    `    kernel: ${result.detail} (control port ${result.controlPort}, data port ${result.dataPort})`,
    ...prediction.why.map((one) => `    simulator: ${one}`),
  ].join("\n");
}
