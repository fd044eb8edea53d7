import { appendFileSync, writeFileSync } from "node:fs";
import Mocha from "mocha";

/**
 * Runs the suite inside VS Code's extension host; VS Code calls this.
 *
 * @throws when a test fails, which is how a desktop VS Code comes to its exit status. The browser host has no such
 *   status: it reads the report and the number of failures from the files it names in the environment.
 */
export async function run(): Promise<void> {
  const { VSCODE_SUITE_OUTPUT: output, VSCODE_SUITE_RESULT: result } = process.env;
  if (output !== undefined) {
    Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => appendFileSync(output, `${format(parts)}\n`);
  }
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, reporter: "spec", color: false });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  await import("./server-start.test.ts");
  await import("./editing.test.ts");
  await import("./explain.test.ts");
  await import("./ruleset.test.ts");
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (result !== undefined) writeFileSync(result, JSON.stringify({ failures }));
  if (failures > 0) throw new Error(`${failures} failed`);
}

/** Mocha's reporters write printf style. */
function format(parts: unknown[]): string {
  const [template = "", ...values] = parts;
  return String(template).replace(/%[sd]/g, () => String(values.shift()));
}
