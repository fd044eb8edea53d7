import type { Operation } from "../../model/operation.ts";
import type { TableId } from "../../model/ruleset.ts";
import type { IptablesCommand, IptablesProgram } from "../../syntax/iptables/command.ts";
import { isForeignTarget, targetExtension } from "../../syntax/iptables/extensions.ts";
import { parseIptablesArguments } from "../../syntax/iptables/parse.ts";
import type { NftFile } from "../../syntax/nftables/tree.ts";
import type { ShellFile } from "../../syntax/shell/shell-file.ts";
import type { Word } from "../../syntax/word.ts";
import type { Problem } from "../../text/problem.ts";
import { convertIptablesCommand } from "../iptables/convert-command.ts";

/** What a command does anywhere: its origins and presence are to be filled in for each place it is run. */
export interface CachedCommand {
  readonly command: IptablesCommand;
  readonly operations: readonly Operation[];
  readonly problems: readonly Problem[];
}

const NOWHERE = { file: "", statement: { start: 0, end: 0 }, span: { start: 0, end: 0 }, frames: [] };

/** Values by key; `begin` drops what the last pass over a script did not use. */
class TwoGenerations<T> {
  #current = new Map<string, T>();
  #previous: ReadonlyMap<string, T> = new Map();

  begin(): void {
    this.#previous = this.#current;
    this.#current = new Map();
  }

  get(key: string, make: () => T): T {
    let found = this.#current.get(key);
    if (found === undefined) {
      found = this.#previous.get(key) ?? make();
      this.#current.set(key, found);
    }
    return found;
  }
}

/**
 * Commands by their words: equal words at equal places of their statement share one command and one rule
 * body, within a script and from one version of it to the next.
 */
export class CommandCache {
  readonly commands = new TwoGenerations<CachedCommand>();
  /** What `nft` is given, by its text. */
  readonly nft = new TwoGenerations<NftFile>();
  /** What `eval` and the like run, by its text. */
  readonly scripts = new TwoGenerations<ShellFile>();

  /** Begins a new pass over the script. */
  begin(): void {
    this.commands.begin();
    this.nft.begin();
    this.scripts.begin();
  }
}

/** `made`: the chain that the command jumps to is one that the script has made. */
export function conversionOf(
  cache: CommandCache,
  program: IptablesProgram,
  argv: readonly Word[],
  made: boolean,
): CachedCommand {
  return cache.commands.get(keyOf(program, argv) + (made ? "\nmade" : ""), () => {
    const command = parseIptablesArguments(argv, { program, context: "command" });
    const isChain = (_table: TableId, name: string) => made || !isMistakenTarget(program, name);
    return {
      command,
      ...convertIptablesCommand(command, { origin: NOWHERE, presence: "certain", isChain }),
    };
  });
}

/**
 * A name that is no chain unless the script makes one of that name: `accept` for ACCEPT, a target that
 * this iptables does not have. Any other chain may be there already (docker and fail2ban make theirs).
 */
export function isMistakenTarget(program: IptablesProgram, name: string): boolean {
  return (
    isForeignTarget(program, name) ||
    (targetExtension(program, name) === undefined &&
      targetExtension(program, name.toUpperCase()) !== undefined)
  );
}

function keyOf(program: IptablesProgram, argv: readonly Word[]): string {
  let key: string = program;
  for (const { text, span, unknown } of argv)
    key += `\n${span.start} ${span.end} ${text}${unknown === undefined ? "" : `\r${unknown}`}`;
  return key;
}
