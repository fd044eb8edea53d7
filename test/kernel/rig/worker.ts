import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("worker.py", import.meta.url));

type Waiter = { resolve: (answer: Record<string, unknown>) => void; reject: (error: Error) => void };

/** The Python process that lives in one namespace and does what the rig asks there. */
export class Worker {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: Waiter[] = [];
  #complaints = "";

  constructor(namespace: string, program = script, args: readonly string[] = []) {
    this.#child = spawn("ip", ["netns", "exec", namespace, "python3", program, ...args], { stdio: "pipe" });
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#complaints += text;
    });
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#answered(line));
    this.#child.once("close", () => this.#ended());
    this.#child.stdin.on("error", () => {});
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Sends one request; requests are answered in order. */
  ask<Answer>(request: Record<string, unknown>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve: (answer) => resolve(answer as Answer), reject });
      this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  end(): void {
    this.#child.stdin.end();
    this.#child.kill("SIGKILL");
  }

  #answered(line: string): void {
    const waiter = this.#waiting.shift();
    const answer = JSON.parse(line) as Record<string, unknown>;
    if (typeof answer.failed === "string") waiter?.reject(new Error(`worker: ${answer.failed}`));
    else waiter?.resolve(answer);
  }

  #ended(): void {
    for (const waiter of this.#waiting.splice(0)) {
      waiter.reject(new Error(`the worker in the namespace ended: ${this.#complaints.trim()}`));
    }
  }
}
