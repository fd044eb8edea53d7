import type { Location, Range } from "vscode-languageserver";
import type { Analysis, Place } from "../service.ts";
import { LineIndex } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import type { Files } from "./files.ts";

/** Translates offsets of one analysis into the editor's positions, in its files and in what they include. */
export class Places {
  readonly #lines = new Map<string, LineIndex>();
  readonly #files: Files;

  constructor({ host }: Analysis, files: Files) {
    this.#files = files;
    for (const { source, lines } of [...host.files, ...host.included]) this.#lines.set(source.path, lines);
  }

  lines(uri: string): LineIndex {
    let lines = this.#lines.get(uri);
    if (!lines) {
      lines = new LineIndex(this.#files.known(uri)?.text ?? "");
      this.#lines.set(uri, lines);
    }
    return lines;
  }

  range(uri: string, span: Span): Range {
    return this.lines(uri).range(span);
  }

  location({ path, span }: Place): Location {
    return { uri: path, range: this.range(path, span) };
  }
}
