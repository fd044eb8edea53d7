import type { ProblemCode, Severity } from "../../text/problem.ts";
import type { Span } from "../../text/span.ts";
import type { Word } from "../word.ts";

/**
 * One iptables or ip6tables command, or one rule line of an iptables-save file.
 *
 *     iptables -t raw -A PREROUTING -p tcp ! --dport 21 -m limit --limit 1/s -j CT --helper ftp
 *
 * gives `table` raw, `operation` {kind: "append", chain: PREROUTING} and the `options`, in the order
 * written: protocol (core), dport (module tcp, negated), match (core), limit (module limit), jump (core),
 * helper (target CT). All spans count from the start of the statement that the words belong to.
 * Every word is part of `operation`, of an option or of a problem (`parse.ts` keeps that promise).
 */
export interface IptablesCommand {
  readonly program: IptablesProgram;
  /** `-t` with its value; absent: filter, or in a save file the table of the section. */
  readonly table?: Word;
  /** Absent when the command names none (`iptables -t nat`, `iptables -V`). */
  readonly operation?: IptablesOperation;
  /** Everything else in order, `-m` and `-j` among them. */
  readonly options: readonly IptablesOption[];
  /** `-m` modules in order, and those that `-p tcp` and the like bring in by themselves. */
  readonly modules: readonly IptablesModule[];
  /** `-j` or `-g`; its own options are in `options` with owner kind "target". */
  readonly jump?: IptablesJump;
  /**
   * Why the command is not fully known: a noun phrase naming a word that stands where an option may
   * stand and whose value is not known (`iptables -A INPUT $ARGS -j ACCEPT`). Such a word may hold any
   * option, or none.
   */
  readonly uncertain?: string;
  /** A `-4` or `-6` for the other family: in a save file this line does nothing. */
  readonly otherFamily: boolean;
  readonly problems: readonly IptablesProblem[];
}

export type IptablesProgram = "iptables" | "ip6tables";

export type OperationKind =
  | "append" // -A chain rule
  | "insert" // -I chain [number] rule
  | "replace" // -R chain number rule
  | "delete" // -D chain number | -D chain rule
  | "check" // -C chain rule
  | "flush" // -F [chain]
  | "deleteChain" // -X [chain]
  | "newChain" // -N chain
  | "policy" // -P chain target
  | "renameChain" // -E old new
  | "zero" // -Z [chain [number]]
  | "list" // -L [chain [number]]
  | "listRules" // -S [chain [number]]
  | "help" // -h
  | "version"; // -V

export interface IptablesOperation {
  readonly kind: OperationKind;
  /** `-A`, `--append` … as written. */
  readonly written: string;
  readonly chain?: Word;
  /** One-based, as written; undefined where absent or not known (see `numberWord`). */
  readonly number?: number;
  readonly numberWord?: Word;
  /** For policy: the target; for renameChain: the new name. */
  readonly argument?: Word;
  /** The option and its arguments. */
  readonly span: Span;
}

/** Who understands an option. */
export type OptionOwner =
  /** iptables itself: protocol, source, in-interface, match, jump … */
  | { readonly kind: "core" }
  /** A match module; `instance` counts its `-m` in `IptablesCommand.modules`. */
  | { readonly kind: "match"; readonly module: string; readonly instance: number }
  | { readonly kind: "target"; readonly target: string }
  /** No module in sight knows it. `fact` says who may: "the match module foo". */
  | { readonly kind: "unknown"; readonly fact: string };

export interface IptablesOption {
  /**
   * The canonical long name without dashes ("dport" for --destination-port, "protocol" for -p,
   * "match" for -m, "jump" for -j, "goto" for -g). For unknown options the text as written without
   * dashes; "" for a stray word (its text is in `values`).
   */
  readonly name: string;
  /** As written, without a glued value: `-p`, `--dport`, `--dpo`. */
  readonly written: string;
  readonly owner: OptionOwner;
  /** `! --dport 21`, or the old `--dport ! 21`. */
  readonly negated: boolean;
  /** The arguments; a glued value (`-ptcp`, `--dport=21`) has its own word with its own span. */
  readonly values: readonly Word[];
  /** From the `!` or the option to the last value. */
  readonly span: Span;
}

export interface IptablesModule {
  readonly name: string;
  /** False: not one of the modules this program knows; its options are opaque. */
  readonly known: boolean;
  /** Brought in by `-p`, not written. */
  readonly implicit: boolean;
  /** Of the option `-m NAME`; of `-p NAME` for implicit ones. */
  readonly span: Span;
}

export interface IptablesJump {
  readonly target: Word;
  readonly goto: boolean;
  /** Of `-j NAME`. */
  readonly span: Span;
}

/** Something wrong with the words. `refused`: the program exits with an error because of it. */
export interface IptablesProblem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  readonly refused: boolean;
}
