import {
  type Disposable,
  Range,
  type TextEditor,
  TextEditorRevealType,
  ThemeColor,
  Uri,
  window,
} from "vscode";
import type { ExpandResult } from "../../server/src/lsp/expand.ts";

/**
 * Marks, on the other side, what belongs to the line of the cursor: in the ruleset the lines that the author's line
 * makes, in the author's file the line that a line of the ruleset comes from.
 */
export class RulesetFollower implements Disposable {
  readonly #resultOf: (ruleset: Uri) => ExpandResult | undefined;
  readonly #mark = window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new ThemeColor("editor.wordHighlightBackground"),
    overviewRulerColor: new ThemeColor("editorOverviewRuler.wordHighlightForeground"),
  });
  readonly #listener = window.onDidChangeTextEditorSelection(({ textEditor }) => this.#follow(textEditor));

  /** `resultOf` gives what a shown ruleset was made of, and undefined for every other document. */
  constructor(resultOf: (ruleset: Uri) => ExpandResult | undefined) {
    this.#resultOf = resultOf;
  }

  dispose(): void {
    this.#listener.dispose();
    this.#mark.dispose();
  }

  /** A ruleset has new lines. */
  refresh(): void {
    if (window.activeTextEditor) this.#follow(window.activeTextEditor);
  }

  #follow(from: TextEditor): void {
    const line = from.selection.active.line;
    const result = this.#resultOf(from.document.uri);
    for (const editor of window.visibleTextEditors) {
      if (editor === from) {
        // The cursor shows where it is.
        editor.setDecorations(this.#mark, []);
        continue;
      }
      const other = this.#resultOf(editor.document.uri);
      if (result && !other) this.#show(editor, originLines(result, line, editor.document.uri));
      else if (other && !result) this.#show(editor, madeLines(other, from.document.uri, line));
    }
  }

  #show(editor: TextEditor, lines: readonly number[]): void {
    const ranges = lines.map((line) => new Range(line, 0, line, 0));
    editor.setDecorations(this.#mark, ranges);
    if (ranges[0]) editor.revealRange(ranges[0], TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

/** The lines of a file from which a line of the ruleset comes. */
function originLines({ origins }: ExpandResult, line: number, file: Uri): number[] {
  const found = origins.find((origin) => origin.line === line)?.location;
  if (!found || Uri.parse(found.uri).toString() !== file.toString()) return [];
  const { start, end } = found.range;
  return Array.from({ length: end.line - start.line + 1 }, (_, i) => start.line + i);
}

/** The lines of the ruleset that a line of a file makes: by the shortest of the statements around it. */
function madeLines({ origins }: ExpandResult, file: Uri, line: number): number[] {
  const around = origins.flatMap(({ line: made, location }) => {
    const { start, end } = location.range;
    const isAround = start.line <= line && line <= end.line;
    const isHere = isAround && Uri.parse(location.uri).toString() === file.toString();
    return isHere ? [{ made, length: end.line - start.line }] : [];
  });
  const shortest = Math.min(...around.map(({ length }) => length));
  return around.filter(({ length }) => length === shortest).map(({ made }) => made);
}
