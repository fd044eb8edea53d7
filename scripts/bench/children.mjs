// Each measurement has a process of its own, so that none inherits another's memory or compiled code.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const local = (name) => fileURLToPath(new URL(name, import.meta.url));
const CLI = local("../../dist/cli.cjs");

/** Runs child.mjs; returns what it printed. */
export function measure(task) {
  const { status, stdout } = spawnSync(process.execPath, [local("child.mjs"), JSON.stringify(task)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`the measurement ended with status ${status}: ${JSON.stringify(task)}`);
  return JSON.parse(stdout);
}

/** `ftp-firewall check FILE`: milliseconds from start to end, and its memory at most. */
export function checkCommand(file) {
  const begin = performance.now();
  const { status, output } = spawnSync(
    process.execPath,
    ["--require", local("peak.cjs"), CLI, "check", file],
    {
      encoding: "utf8",
      stdio: ["ignore", "ignore", "inherit", "pipe"],
    },
  );
  const spent = performance.now() - begin;
  if (status !== 1)
    throw new Error(`ftp-firewall check ${file} ended with status ${status} instead of a finding`);
  return { spent, most: Number(output[3]) / 1024 };
}

/** Runs a command again and again; `problem` is what it complained about. */
export function measureCommand([file, ...args], runs) {
  const spent = [];
  for (let run = 0; run < runs; run++) {
    const begin = performance.now();
    const { status, stderr, error } = spawnSync(file, args, { encoding: "utf8" });
    spent.push(performance.now() - begin);
    if (status !== 0) return { spent, problem: error?.message ?? stderr.trim().split("\n")[0] };
  }
  return { spent };
}
