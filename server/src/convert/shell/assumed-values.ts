import { DIRECTIVE_MARK, readDirective } from "../../syntax/directive.ts";
import { ShellText } from "../../syntax/shell/comments.ts";
import type { ShellFile } from "../../syntax/shell/shell-file.ts";

/** Values by the names of variables; "1" is the script's first argument. */
export type StatedValues = Readonly<Record<string, string>>;

/**
 * What the author says that variables hold whose values come from outside. Comments of the script count more than
 * those of the files that it sources, and these more than the settings.
 */
export class AssumedValues {
  readonly #values: Map<string, string>;
  readonly #ofComments = new Set<string>();
  readonly #used = new Set<string>();

  constructor(stated: StatedValues = {}) {
    this.#values = new Map(Object.entries(stated));
  }

  /** What comments of a file say; of a name that comments of an earlier file concern nothing is taken over. */
  addComments(file: ShellFile): void {
    if (!file.text.includes(DIRECTIVE_MARK)) return;
    const earlier = new Set(this.#ofComments);
    for (const comment of new ShellText(file).directiveComments()) {
      const assumption = readDirective(file.text, comment)?.assumption;
      if (!assumption || earlier.has(assumption.name)) continue;
      this.#ofComments.add(assumption.name);
      this.#values.set(assumption.name, assumption.value);
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** For use in place of a value that is not known: counts as used. */
  valueOf(name: string): string | undefined {
    const value = this.#values.get(name);
    if (value !== undefined) this.#used.add(name);
    return value;
  }

  /** The names whose values were needed. */
  get used(): ReadonlySet<string> {
    return this.#used;
  }
}
