import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "./comparison.ts";
import { sessionNames } from "./rig/sessions.ts";
import { places } from "./rig/topology.ts";
import { askKernel } from "./suite.ts";
import { type TlsCase, tlsCases } from "./tls-cases.ts";

askKernel(
  "what the kernel does to FTP under TLS, and what the simulator says of it",
  tlsCases,
  (one) => `${one.on}: ${one.files.join(" + ")}, ${one.column}`,
  judge,
);

test("the rulesets tell TLS from plain FTP, and each kind of session is seen to pass and to fail", () => {
  const outcomesOf = (one: TlsCase) => [...one.ipv4, ...one.ipv6];
  for (const on of places) {
    const here = tlsCases.filter((one) => one.on === on);
    for (const column of ["explicit", "implicit"]) {
      const seen = here.filter((one) => one.column === column).flatMap(outcomesOf);
      assert.ok(seen.includes("works") && seen.includes("blocked"), `${on}, ${column}: ${seen}`);
    }
    const broken = here.filter((one) => {
      const plain = here.find((other) => other.column === "plain" && other.files === one.files)!;
      const before = outcomesOf(plain);
      return (
        one.column === "explicit" &&
        outcomesOf(one).some((now, i) => now === "blocked" && before[i] === "works")
      );
    });
    assert.ok(broken.length >= 2, `${on}: TLS breaks ${broken.length} rulesets that plain FTP passes`);
  }
  assert.ok(tlsCases.length * sessionNames.length >= 280);
});
