import assert from "node:assert/strict";
import { test } from "node:test";
import { parseShell } from "../../../server/src/syntax/shell/parse.ts";
import { SCRIPTS } from "../../shell/broken-scripts.ts";

/** `error 3, warning 1`: what is said, each with its line. */
function complaints(script: string): string {
  const lineOf = (offset: number) => script.slice(0, offset).split("\n").length;
  const found = parseShell(script).problems.map(
    ({ code, severity, span }) => `${code === "bash-only" ? code : severity} ${lineOf(span.start)}`,
  );
  return found.join(", ") || "fine";
}

for (const [script, expected] of SCRIPTS)
  test(`${JSON.stringify(script)}: ${expected}`, () => {
    assert.equal(complaints(script), expected);
  });

test("what stands in messages is what the shell says and what to do", () => {
  const messages = (script: string) => parseShell(script).problems.map(({ message }) => message);
  assert.deepEqual(messages("#!/bin/sh\nsource x\n"), [
    "Where sh is dash (Debian, Ubuntu), the shell says “source: not found” and goes on: this is bash's. Begin the script with #!/bin/bash, or write it as POSIX has it.",
  ]);
  assert.deepEqual(messages("#!/bin/bash\nsource x\nA=(1)\n[[ a ]]\n"), []);
  assert.deepEqual(
    messages("source x\nA=(1)\n[[ a ]]\n"),
    [],
    "without a first line it is not known who reads it",
  );
  assert.match(messages("cat <<X\na\n X\n")[0]!, /the line "X" has blanks around it/);
});
