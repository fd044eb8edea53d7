import type { Operation } from "../../model/operation.ts";
import type { Presence } from "../../model/rule.ts";
import type { TableId } from "../../model/ruleset.ts";
import type { IptablesCommand } from "../../syntax/iptables/command.ts";
import type { NftFile } from "../../syntax/nftables/tree.ts";
import type { Word } from "../../syntax/word.ts";
import type { Frame, Origin, Placed } from "../../text/origin.ts";
import type { Problem } from "../../text/problem.ts";
import type { Span } from "../../text/span.ts";
import type { IncludedFile } from "../result.ts";
import { elementsOf } from "./array-value.ts";
import type { HostCommand } from "./host-command.ts";
import type { Interpreter } from "./interpreter.ts";
import type { Unit } from "./state.ts";
import { excerpt, type Value } from "./value.ts";

/** One run of a firewall command, as a writer of new commands and a hover need it. */
export interface ShellCall {
  readonly file: string;
  /** The simple command, where the author wrote the rule. */
  readonly statement: Placed;
  /** What stands before iptables' own arguments, as written: `$IPT`, `sudo /sbin/iptables`, `run iptables`. */
  readonly program: string;
  /** Of `program`, in the whole text. */
  readonly programSpan: Span;
  readonly tool: "iptables" | "ip6tables";
  /**
   * How many words at the start of `argv` come with `program`: `-w`, or what `$IPT` holds. A new command
   * with the same program has them too; mind a `-t nat` among them.
   */
  readonly prefixLength: number;
  /** iptables' arguments after all expansions; spans count from the statement's start. */
  readonly argv: readonly Word[];
  readonly frames: readonly Frame[];
  readonly presence: Presence;
  readonly command: IptablesCommand;
  /** White space before the statement when nothing else stands before it on its line; else undefined. */
  readonly indent: string | undefined;
}

/** nft's text in a here document of a script, as a writer of new lines needs it. */
export interface NftHereDocument {
  /** The script. */
  readonly file: string;
  readonly nft: NftFile;
  /** Where a place of nft's text stands in the script. */
  readonly offset: (position: number) => number;
}

/** A variable where it is read, with what it held each time. */
export interface VariableUse {
  readonly file: string;
  readonly name: string;
  /** In the whole text. */
  readonly span: Span;
  /** Distinct values in the order seen, at most 20. */
  readonly values: readonly string[];
  /** Why it was not known at times, as noun phrases. */
  readonly unknown: readonly string[];
}

/** A comment of a ruleset that stands in the script, in a here-document or in the words of a command. */
export interface InlineComment {
  readonly file: string;
  /** Of the whole text. */
  readonly span: Span;
}

const MOST_VALUES = 20;

interface MutableUse extends VariableUse {
  readonly values: string[];
  readonly unknown: string[];
}

/** Collects what a script does to the firewall, in order. */
export class Recorder {
  readonly operations: Operation[] = [];
  readonly problems: Problem[] = [];
  readonly calls: ShellCall[] = [];
  readonly hostCommands: HostCommand[] = [];
  readonly nftHereDocuments: NftHereDocument[] = [];
  readonly notes: string[] = [];
  readonly needs: string[] = [];
  readonly included: IncludedFile[] = [];
  readonly #comments = new Map<string, InlineComment>();
  /** How many rules were added, silently or not. */
  ruleCount = 0;
  /** The budget is used up and that has been said. */
  exhausted = false;
  #silence = 0;
  readonly #problemKeys = new Set<string>();
  readonly #uses = new Map<Unit, Map<number, MutableUse>>();

  /** Runs `body` without recording what it does. */
  silently<T>(body: () => T): T {
    const { ruleCount } = this;
    this.#silence++;
    try {
      return body();
    } finally {
      this.#silence--;
      this.ruleCount = ruleCount;
    }
  }

  /** How many `silently`s are around. */
  get silence(): number {
    return this.#silence;
  }

  /** From here on nothing is followed; that is recorded, however silent it is. */
  giveUp(body: () => void): void {
    const silence = this.#silence;
    this.#silence = 0;
    body();
    this.#silence = silence;
    this.exhausted = true;
  }

  operation(operation: Operation): void {
    if (operation.op === "append" || operation.op === "insert") this.ruleCount++;
    if (this.#silence === 0) this.operations.push(operation);
  }

  /** One complaint of a kind at a place, however often and with whatever values the place is run. */
  problem(problem: Problem): void {
    if (this.#silence > 0) return;
    const { origin } = problem;
    const key = `${problem.code} ${origin.file} ${origin.statement.start + origin.span.start}`;
    if (this.#problemKeys.has(key)) return;
    this.#problemKeys.add(key);
    this.problems.push(problem);
  }

  call(call: ShellCall): void {
    if (this.#silence === 0) this.calls.push(call);
  }

  /** However often the place is run. */
  comment(comment: InlineComment): void {
    this.#comments.set(`${comment.file} ${comment.span.start}`, comment);
  }

  get comments(): InlineComment[] {
    return [...this.#comments.values()];
  }

  nftHereDocument(text: NftHereDocument): void {
    if (this.#silence === 0) this.nftHereDocuments.push(text);
  }

  hostCommand(command: HostCommand): void {
    if (this.#silence === 0) this.hostCommands.push(command);
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  need(path: string): void {
    if (!this.needs.includes(path)) this.needs.push(path);
  }

  /** Something that may change the ruleset in ways we cannot tell. */
  unknown(
    interpreter: Interpreter,
    node: { readonly pos: number; readonly end: number },
    fact: string,
    table?: TableId,
  ): void {
    const statement = interpreter.placed(node);
    const origin: Origin = {
      file: interpreter.unit.path,
      statement,
      span: { start: 0, end: statement.end - statement.start },
      frames: interpreter.frames,
    };
    this.operation({
      op: "unknown",
      fact,
      origin,
      presence: interpreter.presence,
      ...(table ? { table } : {}),
    });
  }

  reference(unit: Unit, name: string, start: number, end: number, value: Value): void {
    if (unit.file.source.charAt(start) !== "$") return;
    const uses = this.#uses.get(unit) ?? new Map<number, MutableUse>();
    this.#uses.set(unit, uses);
    let use = uses.get(start);
    if (use === undefined) {
      const span = unit.file.span({ pos: start, end });
      use = { file: unit.path, name, span, values: [], unknown: [] };
      uses.set(start, use);
    }
    const list = value.kind === "unknown" ? use.unknown : use.values;
    const text = describe(value);
    if (list.length < MOST_VALUES && !list.includes(text)) list.push(text);
  }

  get variables(): VariableUse[] {
    return [...this.#uses.values()].flatMap((uses) => [...uses.values()]);
  }
}

function describe(value: Value): string {
  switch (value.kind) {
    case "known":
      return value.text;
    case "unknown":
      return value.reason;
    case "unset":
      return "";
    case "array":
      return excerpt(elementsOf(value).map(describe).join(" "));
  }
}
