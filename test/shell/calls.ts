import type { Conclusion } from "./product.ts";
import type { RecordedCall } from "./rig/rig.ts";

/** The first run of iptables or ip6tables in which the real shell and the interpreter differ; a help in searching. */
export function firstDifferingCall(
  real: readonly RecordedCall[],
  { calls, host }: Conclusion,
): string | undefined {
  const really = real.filter(({ program }) => /^ip6?tables(-nft)?$/.test(program));
  const length = Math.max(really.length, calls.length);
  for (let i = 0; i < length; i++) {
    const mine = calls[i];
    const theirs = really[i];
    const words = mine?.argv.map(({ text, unknown }) => (unknown === undefined ? text : `?(${unknown})`));
    const concluded = words && [mine!.tool, ...words].join(" ");
    const ran = theirs && [theirs.program.replace("-nft", ""), ...theirs.argv].join(" ");
    if (concluded === ran) continue;
    const shown = (command: string | undefined) =>
      command?.replaceAll("\r", "\\r").replaceAll("\n", "\\n") ?? "(none)";
    const text = host.files[0]!.source.text;
    const line = mine && ` (line ${text.slice(0, mine.statement.start).split("\n").length})`;
    return `run ${i + 1} of ${really.length}: really\n    ${shown(ran)}\n  concluded${line ?? ""}\n    ${shown(concluded)}`;
  }
  return undefined;
}
