import type {
  CommandExpansionPart,
  HereDoc,
  ParameterExpansionPart,
  ShellWord,
  WordPart,
} from "../../syntax/shell/shell-file.ts";
import { braceExpansion } from "./braces.ts";
import { FieldBuilder } from "./field-builder.ts";
import { defaulted, parameterValue, positionalFields, presumablyUnset } from "./parameters.ts";
import { quotePattern } from "./pattern.ts";
import type { State } from "./state.ts";
import { EMPTY, excerpt, type Field, known, type Status, UNSET, unknown, type Value } from "./value.ts";

const MOST_FIELDS = 50_000;
/** `${a:-${b:-…}}` */
const DEEPEST_EXPANSION = 20;
const LONGEST_VALUE = 100_000;

/** What expansion needs from the interpreter. */
export interface ExpansionHost {
  readonly state: State;
  /** What `$(…)` prints. */
  output(part: CommandExpansionPart): Value;
  /** This many characters and words came out of expansions. */
  expanded(size: number): void;
  /** A command would get more words than can be followed. */
  tooMuch(): void;
  /** A variable was read at this place (tree coordinates). */
  reference(name: string, start: number, end: number, value: Value): void;
}

/** A part of a text with the part of the source that it was made from. */
export interface TextPiece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly unknown?: string;
}

function piece(node: { readonly pos: number; readonly end: number }, text: string): TextPiece {
  return { text, start: node.pos, end: node.end };
}

/** A here-document's plain text: a backslash quotes `$`, a backquote, another one, and the line end. */
function unescaped(part: { readonly pos: number; readonly text: string }): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  const { text, pos } = part;
  const add = (value: string, start: number, end: number) => {
    if (end > start) pieces.push({ text: value, start: pos + start, end: pos + end });
  };
  for (let at = text.indexOf("\\"); at >= 0; at = text.indexOf("\\", at + 2)) {
    const next = text.charAt(at + 1);
    if (next === "" || !"$`\\\n".includes(next)) continue;
    add(text.slice(from, at), from, at);
    add(next === "\n" ? "" : next, at, at + 2);
    from = at + 2;
  }
  add(text.slice(from), from, text.length);
  return pieces;
}

/** Turns words into what the shell would pass on: parameters, quotes, splitting, braces. */
export class Expander {
  readonly host: ExpansionHost;
  readonly state: State;
  lastStatus: Status = true;
  /** A file that was sourced and could not be read: from then on any variable may have been set there. */
  outsideVariables: string | undefined;
  #depth = 0;

  constructor(host: ExpansionHost) {
    this.host = host;
    this.state = host.state;
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
    let size = fields.length;
    for (const field of fields) size += field.text.length;
    this.host.expanded(size);
    return fields;
  }

  /** The value of a word where the shell does not split: assignments, `case`, `[[`, here-strings. */
  value(word: ShellWord): Value {
    if (this.#depth >= DEEPEST_EXPANSION) return unknown(`the value of ${excerpt(word.text)}`);
    const parts = word.parts;
    if (parts === undefined) return known(word.value);
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
      const builder = new FieldBuilder(word, undefined);
      this.#addParts(builder, [part], true);
      const value = builder.asValue();
      if (value.kind !== "known") return value;
      const expansion = part.type === "SimpleExpansion" || part.type === "ParameterExpansion";
      text += expansion ? value.text : quotePattern(value.text);
    }
    return known(text);
  }

  /** The pieces of a here-document's body in order, with their place in the source. */
  heredocPieces(heredoc: HereDoc): TextPiece[] {
    const { body } = heredoc;
    if (body.parts === undefined) return [piece(body, body.text)];
    const plain = heredoc.delimiter?.quoted === true;
    return body.parts.flatMap((part) => {
      if (part.type === "Literal") return plain ? [piece(part, part.text)] : unescaped(part);
      const builder = new FieldBuilder({ text: part.text, pos: part.pos, end: part.end }, undefined);
      this.#addParts(builder, [part], true);
      const value = builder.asValue();
      if (value.kind === "unknown") return [{ ...piece(part, part.text), unknown: value.reason }];
      return [piece(part, value.kind === "known" ? value.text : "")];
    });
  }

  #expandInto(word: ShellWord, fields: Field[]): void {
    const parts = word.parts;
    if (parts === undefined) {
      fields.push({ text: word.value, start: word.pos, end: word.end });
      return;
    }
    const alternatives = braceExpansion(parts);
    if (alternatives !== undefined) {
      for (const text of alternatives) fields.push({ text, start: word.pos, end: word.end });
      return;
    }
    const builder = new FieldBuilder(word, this.#separators());
    this.#addParts(builder, parts, false);
    builder.finishInto(fields);
  }

  #separators(): string {
    const ifs = this.state.variable("IFS");
    return ifs?.kind === "known" ? ifs.text : " \t\n";
  }

  #addParts(builder: FieldBuilder, parts: readonly WordPart[], quoted: boolean): void {
    for (const part of parts) this.#addPart(builder, part, quoted);
  }

  #addPart(builder: FieldBuilder, part: WordPart, quoted: boolean): void {
    switch (part.type) {
      case "Literal":
      case "SingleQuoted":
      case "AnsiCQuoted":
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
        builder.value(this.host.output(part), quoted);
        return;
      case "ArithmeticExpansion":
        builder.value(unknown(`the result of ${excerpt(part.text)}`), quoted);
        return;
      case "BraceExpansion":
      case "ExtendedGlob":
        builder.literal(part.text);
        return;
      case "ProcessSubstitution":
        builder.value(unknown(`the output of ${excerpt(part.text)}`), true);
        return;
    }
  }

  /** `"$@"` without arguments is no word at all, unlike any other pair of quotes. */
  #isEmptyList(parts: readonly WordPart[]): boolean {
    const only = parts.length === 1 ? parts[0] : undefined;
    return only?.type === "SimpleExpansion" && only.text === "$@"
      ? positionalFields(this)?.length === 0
      : only?.type === "ParameterExpansion" && only.index?.text === "@";
  }

  #parameter(builder: FieldBuilder, name: string, part: WordPart, quoted: boolean): void {
    if (name === "@" || name === "*") {
      this.#list(builder, name, quoted);
      return;
    }
    const value = parameterValue(this, name);
    this.host.reference(name, part.pos, part.end, value);
    builder.value(value, quoted, name);
  }

  #list(builder: FieldBuilder, name: string, quoted: boolean): void {
    const fields = positionalFields(this);
    if (fields === undefined) builder.value(unknown("the script's arguments"), quoted, `$${name}`);
    else if (name === "*" && quoted) builder.join(fields, this.#separators().slice(0, 1));
    else builder.list(fields, quoted);
  }

  #parameterExpansion(builder: FieldBuilder, part: ParameterExpansionPart, quoted: boolean): void {
    const name = part.parameter;
    if ((name === "@" || name === "*") && !part.operation && !part.prefix) {
      this.#list(builder, name, quoted);
      return;
    }
    if (part.index?.text === "@" || part.index?.text === "*") {
      this.#arrayList(builder, part, quoted);
      return;
    }
    const value = this.#expansionValue(part);
    this.host.reference(name, part.pos, part.end, value);
    builder.value(value, quoted, name);
  }

  #arrayList(builder: FieldBuilder, part: ParameterExpansionPart, quoted: boolean): void {
    const array = this.state.variable(part.parameter);
    if (array?.kind !== "array" || part.operation || part.prefix === "!") {
      builder.value(array?.kind === "unknown" ? array : unknown(excerpt(part.text)), quoted, part.parameter);
    } else if (part.prefix === "#") {
      builder.value(known(String(array.items.length)), quoted);
    } else {
      array.items.forEach((item, index) => {
        if (index > 0) builder.separate();
        builder.value(item, quoted, part.parameter);
      });
    }
  }

  #expansionValue(part: ParameterExpansionPart): Value {
    const { operation, prefix } = part;
    const value = part.index ? this.#element(part) : parameterValue(this, part.parameter);
    if (prefix === "#" && value.kind === "known") return known(String([...value.text].length));
    if (prefix !== undefined) return unknown(`the value of ${excerpt(part.text)}`);
    if (operation === undefined) return value;
    if (operation.type !== "Default") {
      return value.kind === "unknown" ? value : unknown(`the value of ${excerpt(part.text)}`);
    }
    const unset = part.index === undefined && presumablyUnset(this, part.parameter);
    return defaulted(
      operation.operator,
      value,
      unset,
      () => this.value(operation.operand),
      (assigned) => this.state.setVariable(part.parameter, assigned),
    );
  }

  #element(part: ParameterExpansionPart): Value {
    const array = this.state.variable(part.parameter);
    if (array === undefined || array.kind === "unknown") return parameterValue(this, part.parameter);
    const index = this.value(part.index!);
    if (index.kind !== "known" || !/^\d+$/.test(index.text))
      return unknown(`the value of ${excerpt(part.text)}`);
    if (array.kind !== "array") return index.text === "0" ? array : UNSET;
    return array.items[Number(index.text)] ?? UNSET;
  }
}

/** What a value is worth as text: unset is empty, an array its first element. */
export function scalar(value: Value): Value {
  if (value.kind === "unset") return EMPTY;
  if (value.kind === "array") return scalar(value.items[0] ?? UNSET);
  return value;
}
