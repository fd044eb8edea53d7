import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a finished program left behind. `status` is null where a signal ended it. */
export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one program to its end; never rejects for a non-zero exit status. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["pipe", "pipe", "pipe"],
      timeout: options.timeoutMs ?? 20_000,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, stdout, stderr }));
    // A program that ends without reading its input breaks the pipe; its status tells the story.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}

export interface RunOptions {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Runs one program that has to succeed. */
export async function mustRun(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const finished = await run(program, args, options);
  if (finished.status !== 0) {
    throw new Error(`${program} ${args.join(" ")} ended with ${finished.status}: ${finished.stderr.trim()}`);
  }
  return finished.stdout;
}

/** Ends a process that may have ended by itself in the meantime. */
export function killIfRunning(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** Ends what a process has started, and what that has. */
export function killDescendants(pid: number): void {
  for (const each of descendants(pid)) killIfRunning(each);
}

/** Process ids below `pid`, the deepest first. */
function descendants(pid: number): number[] {
  let listed: string;
  try {
    listed = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  } catch {
    return [];
  }
  const children = listed.split(" ").filter(Boolean).map(Number);
  return children.flatMap((child) => [...descendants(child), child]);
}
