import type { Analysis, ConfigFile, Host, Place } from "../service.ts";
import type { Range } from "../text/line-index.ts";
import { LineIndex } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";

/** A place as the contract's JSON gives it: LSP's range, in UTF-16 units, a byte-order mark not counted. */
export interface JsonPlace {
  readonly path: string;
  readonly range: Range;
}

/** Translates offsets into lines and columns, for the files of one host and what they include. */
export class Places {
  readonly #texts = new Map<string, { readonly text: string; readonly lines: LineIndex }>();

  constructor({ files, included }: Host, others: readonly ConfigFile[] = []) {
    for (const { path, text } of others) this.#texts.set(path, { text, lines: new LineIndex(text) });
    for (const { source, lines } of [...files, ...included]) {
      this.#texts.set(source.path, { text: source.text, lines });
    }
  }

  of(place: Place): JsonPlace {
    return { path: place.path, range: this.range(place.path, place.span) };
  }

  range(path: string, span: Span): Range {
    const { text, lines } = this.#file(path);
    const mark = text.startsWith("\ufeff") ? 1 : 0;
    const { start, end } = lines.range(span);
    return { start: withoutMark(start, mark), end: withoutMark(end, mark) };
  }

  /** A line's text without its end and without a byte-order mark. */
  line(path: string, line: number): string {
    const { text, lines } = this.#file(path);
    const whole = text.slice(lines.lineStart(line), lines.lineStart(line + 1));
    return whole.replace(/^\ufeff/, "").replace(/[\r\n]+$/, "");
  }

  #file(path: string): { readonly text: string; readonly lines: LineIndex } {
    return this.#texts.get(path) ?? { text: "", lines: new LineIndex("") };
  }
}

function withoutMark(position: Range["start"], mark: number): Range["start"] {
  return position.line === 0 && mark > 0
    ? { line: 0, character: Math.max(0, position.character - mark) }
    : position;
}

/** `a.nft:3:5`, as compilers write it: counted from one. */
export function showPlace({ path, range }: JsonPlace): string {
  return `${path}:${range.start.line + 1}:${range.start.character + 1}`;
}

/** What a command prints about one host. */
export interface Report {
  readonly analysis: Analysis;
  readonly places: Places;
  /** The files among the host's that the command was given. */
  readonly given: ReadonlySet<string>;
}

/** The host's files, each with what it includes behind it. */
export function loadOrder({ files, included }: Host): string[] {
  const order = files.flatMap(({ source, includes }) => [
    source.path,
    ...included.map((one) => one.source.path).filter((path) => includes.includes(path)),
  ]);
  return [...new Set(order)];
}

/** A sentence, where there is an order; otherwise undefined. */
export function showLoadOrder(host: Host): string | undefined {
  if (loadOrder(host).length < 2) return undefined;
  const shown = host.files.map(({ source, includes }) =>
    includes.length > 0 ? `${source.path} (with ${includes.join(", ")})` : source.path,
  );
  return `Loaded in this order: ${shown.join(", ")}.`;
}
