import type { Operation } from "../../model/operation.ts";
import type { IptablesCommand, IptablesProgram } from "../../syntax/iptables/command.ts";
import { parseIptablesArguments } from "../../syntax/iptables/parse.ts";
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

/**
 * Commands by their words: equal words at equal places of their statement share one command and one rule
 * body, within a script and from one version of it to the next.
 */
export class CommandCache {
  #current = new Map<string, CachedCommand>();
  #previous: ReadonlyMap<string, CachedCommand> = new Map();

  /** Begins a new pass over the script; what the last pass did not use is dropped. */
  begin(): void {
    this.#previous = this.#current;
    this.#current = new Map();
  }

  get(key: string, make: () => CachedCommand): CachedCommand {
    let found = this.#current.get(key);
    if (found === undefined) {
      found = this.#previous.get(key) ?? make();
      this.#current.set(key, found);
    }
    return found;
  }
}

export function conversionOf(
  cache: CommandCache,
  program: IptablesProgram,
  argv: readonly Word[],
): CachedCommand {
  return cache.get(keyOf(program, argv), () => {
    const command = parseIptablesArguments(argv, { program, context: "command" });
    return { command, ...convertIptablesCommand(command, { origin: NOWHERE, presence: "certain" }) };
  });
}

function keyOf(program: IptablesProgram, argv: readonly Word[]): string {
  let key: string = program;
  for (const { text, span, unknown } of argv)
    key += `\n${span.start} ${span.end} ${text}${unknown === undefined ? "" : `\r${unknown}`}`;
  return key;
}
