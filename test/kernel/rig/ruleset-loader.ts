import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Finished, run } from "./command.ts";

/** What a ruleset file is to the tools that load it. */
export type RulesetKind = "nft" | "iptables-save" | "ip6tables-save" | "shell";

/** Which of the kernel's two worlds iptables' tools write to. */
export type Backend = "nft" | "legacy";

export interface RulesetFile {
  readonly kind: RulesetKind;
  readonly text: string;
  /** What a script is called with. */
  readonly arguments?: readonly string[];
}

/** What the tools said while loading. */
export interface Loading {
  readonly loaded: boolean;
  /** What the tool that failed printed. */
  readonly loadError?: string;
  /** Everything that was printed to standard error, also where loading succeeded. */
  readonly complaints: string;
}

/** Loads files in order into one namespace with the real tools; stops at the first that is refused. */
export async function loadRuleset(
  namespace: string,
  files: readonly RulesetFile[],
  folder: string,
  backend: Backend = "nft",
): Promise<Loading> {
  let complaints = "";
  for (const [index, file] of files.entries()) {
    const path = join(folder, `ruleset-${index}.${file.kind}`);
    writeFileSync(path, file.text);
    const finished = await runInNamespace(namespace, commandFor(file, path, backend), folder);
    complaints += finished.stderr;
    if (finished.status !== 0) {
      const said = finished.stderr.trim() || finished.stdout.trim();
      return { loaded: false, loadError: `exit status ${finished.status}: ${said}`, complaints };
    }
  }
  return { loaded: true, complaints };
}

function commandFor(file: RulesetFile, path: string, backend: Backend): string[] {
  const world = backend === "legacy" ? "-legacy" : "";
  switch (file.kind) {
    case "nft":
      return ["nft", "-f", path];
    case "iptables-save":
      return [`iptables${world}-restore`, path];
    case "ip6tables-save":
      return [`ip6tables${world}-restore`, path];
    case "shell":
      // A script says itself which shell it was written for.
      if (!file.text.startsWith("#!")) return ["sh", path];
      chmodSync(path, 0o755);
      return [path, ...(file.arguments ?? [])];
  }
}

function runInNamespace(namespace: string, command: readonly string[], folder: string): Promise<Finished> {
  return run("ip", ["netns", "exec", namespace, ...command], {
    cwd: folder,
    env: { ...process.env, PATH: `${stubs(folder)}:/usr/sbin:/usr/bin:/sbin:/bin` },
  });
}

/** Modules concern the whole machine, so a script's `modprobe` is a stub that succeeds. */
export function stubs(folder: string): string {
  return join(folder, "stubs");
}
