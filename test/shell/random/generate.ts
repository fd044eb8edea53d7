import { Random } from "../../kernel/random/seeded.ts";
import type { Script } from "../rig/rig.ts";
import { assignment } from "./assignments.ts";
import { Scope } from "./scope.ts";
import { statements } from "./statements.ts";
import { type Piece, render } from "./writer.ts";

/** A script that nobody chose: every value in it can be known from its text and from the files beside it. */
export interface RandomScript {
  readonly name: string;
  readonly bash: boolean;
  readonly pieces: readonly Piece[];
  readonly files: Readonly<Record<string, string>>;
}

/** The same seed and number always give the same script. */
export function generate(seed: number, number: number): RandomScript {
  const random = new Random(seed, number);
  const bash = random.chance(0.7);
  const scope = new Scope(random, bash, random.between(8, 40));
  const beginning = [
    ...(random.chance(0.1) ? ["set -e"] : []),
    `IPT=${random.pick(["iptables", "/sbin/iptables", '"iptables"', "/usr/sbin/iptables"])}`,
    `TARGET=${random.pick(["ACCEPT", "DROP"])}`,
    'run() { "$@"; }',
    "nft -f - <<EOF\ntable inet fw {\n\tchain in {\n\t\ttype filter hook input priority 0;\n\t}\n}\nEOF",
    ...Array.from({ length: random.between(1, 4) }, () => assignment(scope)),
  ];
  const rest = statements(scope, scope.left);
  return { name: `random-${seed}-${number}.sh`, bash, pieces: [...beginning, ...rest], files: scope.files };
}

export function scriptOf({ name, bash, pieces, files }: RandomScript): Script {
  return { name, text: `#!/bin/${bash ? "bash" : "sh"}\n${render(pieces)}`, files };
}
