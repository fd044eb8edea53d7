import { elementAt } from "./array-value.ts";
import { EMPTY, type Field, unknown, type Value } from "./value.ts";

interface Source {
  readonly text: string;
  readonly pos: number;
  readonly end: number;
}

const WHITESPACE = " \t\n";

/** Puts together the words that one word of the script becomes. */
export class FieldBuilder {
  readonly #source: Source;
  /** Characters that unquoted expansions are split at; undefined: never split. */
  readonly #separators: string | undefined;
  readonly #done: Field[] = [];
  #text = "";
  #unknown: string | undefined;
  /** As `#unknown`, without the name of the last variable. */
  #reason: string | undefined;
  /** Whether the text, with what stands for unknown values in it, is good as a file's name. */
  #isFileName = true;
  #started = false;
  /** Set while the word under construction is nothing but one argument of `"$@"`. */
  #passed: Field | undefined;

  constructor(source: Source, separators: string | undefined) {
    this.#source = source;
    this.#separators = separators;
  }

  literal(text: string): void {
    if (text !== "") this.#passed = undefined;
    this.#text += text;
    this.#started = true;
  }

  /** The outcome of an expansion; `name` says what was expanded, for messages. */
  value(value: Value, quoted: boolean, name?: string): void {
    if (value.kind === "unknown") {
      this.#unknown ??= named(value.reason, name);
      this.#reason ??= value.reason;
      if (value.fileName === undefined) this.#isFileName = false;
      else this.#text += value.fileName;
      this.#passed = undefined;
      this.#started = true;
    } else if (value.kind === "array") this.value(elementAt(value, "0"), quoted, name);
    else if (value.kind === "known" && value.text !== "") {
      if (quoted || this.#separators === undefined) this.literal(value.text);
      else this.#split(value.text, this.#separators);
    } else if (quoted) this.literal("");
  }

  /** Arguments handed on: `"$@"`. */
  list(fields: readonly Field[], quoted: boolean): void {
    fields.forEach((field, index) => {
      if (index > 0) this.separate();
      const alone = !this.#started || this.#text === "";
      if (field.unknown !== undefined) this.value(unknown(field.unknown, field.fileName), true);
      else if (quoted || field.text === "" || !this.#splits(field.text)) this.literal(field.text);
      else this.#split(field.text, this.#separators ?? "");
      if (alone && (quoted || !this.#splits(field.text))) this.#passed = field;
    });
  }

  /** `"$*"`: all arguments in one word. */
  join(fields: readonly Field[], separator: string): void {
    const missing = fields.find((field) => field.unknown !== undefined);
    if (missing) this.value(unknown(missing.unknown!), true);
    else this.literal(fields.map((field) => field.text).join(separator));
  }

  /** `"${a[*]}"` */
  joinValues(values: readonly Value[], separator: string): void {
    values.forEach((value, index) => {
      if (index > 0) this.literal(separator);
      this.value(value, true);
    });
  }

  /** Ends the word under construction, if there is one. */
  separate(): void {
    if (this.#started) this.#done.push(this.#field());
    this.#text = "";
    this.#unknown = undefined;
    this.#isFileName = true;
    this.#started = false;
    this.#passed = undefined;
  }

  finishInto(fields: Field[]): void {
    this.separate();
    for (const field of this.#done) fields.push(field);
  }

  asValue(): Value {
    if (this.#done.length > 0) {
      this.separate();
      const missing = this.#done.find((field) => field.unknown !== undefined);
      if (missing) return unknown(missing.unknown!);
      return { kind: "known", text: this.#done.map((field) => field.text).join(" ") };
    }
    if (this.#reason !== undefined) return unknown(this.#reason, this.#fileName());
    return this.#text === "" ? EMPTY : { kind: "known", text: this.#text };
  }

  #field(): Field {
    const { pos, end, text } = this.#source;
    const field = { text: this.#unknown === undefined ? this.#text : text, start: pos, end };
    if (this.#unknown !== undefined)
      return {
        ...field,
        unknown: this.#unknown,
        fileName: this.#fileName(),
        ...(this.#passed ? { passed: this.#passed } : {}),
      };
    return this.#passed ? { ...field, passed: this.#passed } : field;
  }

  #fileName(): string | undefined {
    return this.#isFileName ? this.#text : undefined;
  }

  #splits(text: string): boolean {
    const separators = this.#separators ?? "";
    for (const character of text) if (separators.includes(character)) return true;
    return false;
  }

  /** POSIX 2.6.5: runs of white space separate; any other separator ends a field, even an empty one. */
  #split(text: string, separators: string): void {
    let pendingDelimiter = false;
    for (const character of text) {
      if (!separators.includes(character)) {
        this.#text += character;
        this.#started = true;
        this.#passed = undefined;
        pendingDelimiter = false;
      } else if (WHITESPACE.includes(character)) {
        if (this.#started) {
          this.separate();
          pendingDelimiter = true;
        }
      } else if (pendingDelimiter) pendingDelimiter = false;
      else {
        this.#started = true;
        this.separate();
      }
    }
  }
}

/** "the positional parameter $1 (LAN)": where it comes from, and what the script calls it. */
function named(reason: string, name: string | undefined): string {
  if (name === undefined || /^[0-9]+$/.test(name) || !/^[A-Za-z_]/.test(name)) return reason;
  return new RegExp(`\\b${name}\\b`).test(reason) ? reason : `${reason} (${name})`;
}
