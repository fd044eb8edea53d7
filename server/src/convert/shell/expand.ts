import type {
  CommandExpansionPart,
  ParameterExpansionPart,
  ShellWord,
  WordPart,
} from "../../syntax/shell/shell-file.ts";
import { toValue } from "./arithmetic.ts";
import { AssumedValues } from "./assumed-values.ts";
import { braceExpansion } from "./braces.ts";
import { isBadInDash } from "./dash.ts";
import { FieldBuilder } from "./field-builder.ts";
import { type Expansion, expandParameter } from "./parameter-expansion.ts";
import { ALL_ARGUMENTS, parameterValue, positionalFields } from "./parameters.ts";
import { quotePattern } from "./pattern.ts";
import type { State } from "./state.ts";
import { excerpt, type Field, known, type Status, unknown, type Value } from "./value.ts";
import { Variables } from "./variables.ts";

const MOST_FIELDS = 50_000;
/** In characters that are expanded. */
const COST_OF_FIELD = 4;
/** `${a:-${b:-…}}` */
const DEEPEST_EXPANSION = 20;
const LONGEST_VALUE = 100_000;

/** What expansion needs from the interpreter. */
export interface ExpansionHost {
  readonly state: State;
  /** What `$(…)` prints. */
  substitute(part: CommandExpansionPart): Value;
  /** The name of a file that holds what `<(…)` prints. */
  processSubstitution(part: WordPart & { readonly type: "ProcessSubstitution" }): Value;
  /** This many characters and words came out of expansions. */
  expanded(size: number): void;
  /** A command would get more words than can be followed. */
  tooMuch(): void;
  /** A variable was read at this place (tree coordinates). */
  reference(name: string, start: number, end: number, value: Value): void;
  /** The functions that are being run, innermost first. */
  callNames(): readonly string[];
  /** The script's file name. */
  ownName(): string;
  readonly isDash: boolean;
  /** The files that a pattern stands for, in order; undefined: it is not one that is followed. */
  filesLike(pattern: string): readonly string[] | "unknown" | undefined;
  /** Whether the script itself sets the variable somewhere. */
  assigns(name: string): boolean;
  /** The shell ends here, with an error (`${X:?}`, `set -u`). */
  stop(): void;
}

/** Turns words into what the shell would pass on: parameters, quotes, splitting, braces, arithmetic. */
export class Expander {
  readonly host: ExpansionHost;
  readonly state: State;
  lastStatus: Status = true;
  /** Of the last command that failed, where it says so itself (`return 3`). */
  lastCode = 1;
  /** A file that was sourced and could not be read: from then on any variable may have been set there. */
  outsideVariables: string | undefined;
  assumed = new AssumedValues();
  readonly variables: Variables;
  #depth = 0;

  constructor(host: ExpansionHost) {
    this.host = host;
    this.state = host.state;
    this.variables = new Variables(this);
  }

  environmentFact(name: string): string {
    return this.outsideVariables === undefined
      ? `the environment variable ${name}`
      : `the variable ${name}, perhaps set in ${this.outsideVariables}`;
  }

  fieldsOf(words: readonly ShellWord[]): Field[] {
    const fields: Field[] = [];
    for (const word of words) {
      this.#expandInto(word, fields);
      if (fields.length > MOST_FIELDS) {
        this.host.tooMuch();
        return [];
      }
    }
    let size = fields.length * COST_OF_FIELD;
    for (const field of fields) size += field.text.length;
    this.host.expanded(size);
    return fields;
  }

  /** The value of a word where the shell does not split: assignments, `case`, `[[`, here-strings. */
  value(word: ShellWord): Value {
    const parts = word.parts;
    if (parts === undefined) return known(word.value);
    return this.#joined(word, parts);
  }

  expand(parts: readonly WordPart[], text: string): Value {
    if (parts.length === 0) return this.#plainExpansion(text);
    return this.#joined({ text, pos: parts[0]!.pos, end: parts[parts.length - 1]!.end }, parts);
  }

  /** `$x` as the parser leaves it in arithmetic. */
  #plainExpansion(text: string): Value {
    const name = /^\$(\w+|[#?])$/.exec(text)?.[1];
    return name === undefined ? unknown(`the value of ${excerpt(text)}`) : parameterValue(this, name);
  }

  #joined(
    word: { readonly text: string; readonly pos: number; readonly end: number },
    parts: readonly WordPart[],
  ): Value {
    if (this.#depth >= DEEPEST_EXPANSION) return unknown(`the value of ${excerpt(word.text)}`);
    this.#depth++;
    const builder = new FieldBuilder(word, undefined);
    this.#addParts(builder, parts, true);
    this.#depth--;
    const value = builder.asValue();
    if (value.kind !== "known") return value;
    this.host.expanded(value.text.length);
    return value.text.length > LONGEST_VALUE ? unknown("a value that is too long to follow") : value;
  }

  /** A word as a shell pattern: quoted characters stand for themselves. */
  pattern(word: ShellWord): Value {
    const parts = word.parts;
    if (parts === undefined) return known(word.text.includes("\\") ? word.text : word.value);
    let text = "";
    for (const part of parts) {
      if (part.type === "Literal" || part.type === "Glob" || part.type === "ExtendedGlob") {
        text += part.text;
        continue;
      }
      const value = this.#joined(word, [part]);
      if (value.kind !== "known") return value;
      const isExpansion =
        part.type === "SimpleExpansion" ||
        part.type === "ParameterExpansion" ||
        part.type === "CommandExpansion";
      text += isExpansion ? value.text : quotePattern(value.text);
    }
    return known(text);
  }

  stop(): void {
    this.host.stop();
  }

  // Words

  #expandInto(word: ShellWord, fields: Field[]): void {
    const parts = word.parts;
    if (parts === undefined) {
      fields.push({ text: word.value, start: word.pos, end: word.end });
      return;
    }
    if (parts.some((part) => part.type === "Glob") && this.#addFiles(word, fields)) return;
    const alternatives = this.host.isDash ? undefined : braceExpansion(word);
    if (alternatives === "too many") {
      this.host.tooMuch();
      return;
    }
    for (const alternative of alternatives ?? [parts]) {
      const builder = new FieldBuilder(word, this.#separators());
      this.#addParts(builder, alternative, false);
      builder.finishInto(fields);
    }
  }

  /** Pathname expansion, as far as the files are known; false: the word stays what it is. */
  #addFiles(word: ShellWord, fields: Field[]): boolean {
    const pattern = this.pattern(word);
    if (pattern.kind !== "known" || this.state.isOn("noglob")) return false;
    const names = this.host.filesLike(pattern.text);
    const { pos: start, end, text } = word;
    if (names === undefined) return false;
    if (names === "unknown") {
      if (!pattern.text.includes("/") || /^\/(?:proc|sys|dev)\//.test(pattern.text)) return false;
      fields.push({ text, unknown: `which files ${excerpt(text)} stands for`, start, end });
      return true;
    }
    for (const name of names) fields.push({ text: name, start, end });
    return names.length > 0 || this.state.isOn("nullglob");
  }

  #separators(): string {
    const ifs = this.state.variable("IFS");
    if (ifs === undefined || ifs.kind === "unset") return " \t\n";
    return ifs.kind === "known" ? ifs.text : " \t\n";
  }

  #addParts(builder: FieldBuilder, parts: readonly WordPart[], quoted: boolean): void {
    for (const part of parts) this.#addPart(builder, part, quoted);
  }

  #addPart(builder: FieldBuilder, part: WordPart, quoted: boolean): void {
    switch (part.type) {
      case "AnsiCQuoted":
        // dash has no $'…'.
        builder.literal(this.host.isDash ? `$${part.text.slice(2, -1)}` : part.value);
        return;
      case "Literal":
      case "SingleQuoted":
      case "Glob":
        builder.literal(part.value);
        return;
      case "DoubleQuoted":
      case "LocaleString":
        if (!this.#isEmptyList(part.parts)) builder.literal("");
        this.#addParts(builder, part.parts, true);
        return;
      case "SimpleExpansion":
        this.#parameter(builder, part.text.slice(1), part, quoted);
        return;
      case "ParameterExpansion":
        this.#parameterExpansion(builder, part, quoted);
        return;
      case "CommandExpansion":
        builder.value(this.host.substitute(part), quoted);
        return;
      case "ArithmeticExpansion":
        builder.value(this.#arithmeticValue(part), quoted);
        return;
      case "BraceExpansion":
      case "ExtendedGlob":
        builder.literal(part.text);
        return;
      case "ProcessSubstitution":
        builder.value(this.host.processSubstitution(part), true);
        return;
    }
  }

  /** An error stops the command that it stands in. */
  #arithmeticValue(part: WordPart & { readonly type: "ArithmeticExpansion" }): Value {
    return toValue(this.variables.arithmetic(part.expression), part.text);
  }

  /** `"$@"` without arguments is no word at all, unlike any other pair of quotes. */
  #isEmptyList(parts: readonly WordPart[]): boolean {
    const only = parts.length === 1 ? parts[0] : undefined;
    if (only?.type === "SimpleExpansion") return only.text === "$@" && positionalFields(this)?.length === 0;
    return only?.type === "ParameterExpansion" && (only.index?.text === "@" || only.parameter === "@");
  }

  #parameter(builder: FieldBuilder, name: string, part: WordPart, quoted: boolean): void {
    if (name === "@" || name === "*") {
      const fields = positionalFields(this);
      if (fields === undefined) builder.value(unknown(ALL_ARGUMENTS), quoted, `$${name}`);
      else this.#add(builder, { kind: "fields", fields, joined: name === "*" }, quoted, name);
      return;
    }
    const value = parameterValue(this, name);
    this.host.reference(name, part.pos, part.end, value);
    if (value.kind === "unset" && this.state.isOn("nounset")) this.stop();
    builder.value(value, quoted, name);
  }

  #parameterExpansion(builder: FieldBuilder, part: ParameterExpansionPart, quoted: boolean): void {
    if (this.host.isDash && isBadInDash(part)) {
      this.stop();
      return;
    }
    const expansion = expandParameter(this, part);
    const { parameter, operation, prefix } = part;
    if (expansion.kind === "value") {
      this.host.reference(parameter, part.pos, part.end, expansion.value);
      const strict = operation === undefined && prefix === undefined && this.state.isOn("nounset");
      if (strict && expansion.value.kind === "unset") this.stop();
    }
    const splits = operation?.type === "Default" && !quoted ? operation.operand.parts : undefined;
    if (splits !== undefined && this.#takesDefault(part)) this.#addParts(builder, splits, false);
    else this.#add(builder, expansion, quoted, parameter);
  }

  /** `${X:-"a b" c}`: within the default value quotes count, so it is put together part by part. */
  #takesDefault(part: ParameterExpansionPart): boolean {
    const { operation, parameter, index, prefix } = part;
    if (operation?.type !== "Default" || index !== undefined || prefix !== undefined) return false;
    if (!operation.operator.endsWith("-")) return false;
    const value = this.state.variable(parameter);
    return (
      value?.kind === "unset" || (value?.kind === "known" && value.text === "" && operation.operator === ":-")
    );
  }

  #add(builder: FieldBuilder, expansion: Expansion, quoted: boolean, name: string): void {
    switch (expansion.kind) {
      case "value":
        builder.value(expansion.value, quoted, name);
        return;
      case "fields":
        if (expansion.joined && quoted) builder.join(expansion.fields, this.#separators().slice(0, 1));
        else builder.list(expansion.fields, quoted);
        return;
      case "list":
        if (expansion.joined && quoted) builder.joinValues(expansion.values, this.#separators().slice(0, 1));
        else
          expansion.values.forEach((value, index) => {
            if (index > 0) builder.separate();
            builder.value(value, quoted, name);
          });
        return;
    }
  }
}
