import type { CodeAction, CodeActionParams, Range, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import { CodeActionKind, StringValue } from "vscode-languageserver";
import { assumeValue } from "../features/assume.ts";
import { variableNear } from "../features/hover/shell-variable.ts";
import type { FixKind } from "../fixes/fix.ts";
import { type SafeTrial, safeTrials } from "../fixes/try-safely.ts";
import type { Declined, Diagnostic, Fix } from "../service.ts";
import type { Understood } from "./analyses.ts";
import type { ClientFeatures } from "./client-features.ts";
import { type DiagnosticForm, lspDiagnostic } from "./diagnostics.ts";
import type { Documentation } from "./documentation.ts";
import { nameOf } from "./source-files.ts";

export const FIX_ALL_KIND = `${CodeActionKind.SourceFixAll}.ftpFirewall`;
/**
 * A command of the server: shows what the user has to do besides the edit (its first argument), and how to try the
 * changed rules safely (its second, a list of SafeTrial), the latter once for each dialect.
 */
export const SHOW_NOTE = "ftpFirewall.showNote";

const KIND_TITLES: Readonly<Record<FixKind, string>> = {
  comment: "Correct this comment",
  correction: "Put right what the tools refuse",
  server: "Change the FTP server's passive ports",
  helper: "Track FTP with the conntrack helper",
  ports: "Open the data ports",
};

/** What a fix-all action carries until it is resolved. */
interface FixAllData {
  readonly uri: string;
  readonly version: number;
}

/** Builds code actions; `version` tells the version of an open document, so that an edit cannot hit a later text. */
export class CodeActions {
  readonly #features: ClientFeatures;
  readonly #form: DiagnosticForm;
  readonly #version: (uri: string) => number | undefined;
  /** Fixes are simulated before they are offered, so each is worked out once per analysis. */
  readonly #fixes = new WeakMap<Diagnostic, { fixes: Fix[]; declined: Declined[] }>();

  constructor(features: ClientFeatures, pages: Documentation, version: (uri: string) => number | undefined) {
    this.#features = features;
    this.#form = { ...features, ...pages };
    this.#version = version;
  }

  forRange(understood: Understood, { range, context }: CodeActionParams): CodeAction[] {
    const actions: CodeAction[] = [];
    if (wanted(context.only, CodeActionKind.QuickFix)) {
      const { analysis, places, uri } = understood;
      const touched = analysis.diagnostics.filter(
        ({ place }) => place.path === uri && touches(places.range(uri, place.span), range),
      );
      // Mending comes before ignoring.
      actions.push(...touched.flatMap((one) => this.#quickFixes(understood, one)));
      actions.push(...touched.flatMap((one) => this.#ignoring(understood, one)));
      actions.push(...this.#assuming(understood, range));
    }
    if (wanted(context.only, FIX_ALL_KIND))
      actions.push(...this.#fixAll(understood, context.only !== undefined));
    return actions;
  }

  #quickFixes(understood: Understood, diagnostic: Diagnostic): CodeAction[] {
    const { fixes, declined } = this.#fixesFor(understood, diagnostic);
    const diagnostics = [lspDiagnostic(diagnostic, understood.places, this.#form)];
    const actions: CodeAction[] = fixes.map(({ title, preferred, edits, note }) => ({
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics,
      isPreferred: preferred,
      edit: this.#workspaceEdit(understood, edits),
      ...noteCommand(note === undefined ? [] : [note], trials(understood, edits)),
    }));
    if (!this.#features.disabledActions) return actions;
    for (const { kind, reason } of declined) {
      actions.push({
        title: KIND_TITLES[kind],
        kind: CodeActionKind.QuickFix,
        diagnostics,
        disabled: { reason },
      });
    }
    return actions;
  }

  #ignoring(understood: Understood, diagnostic: Diagnostic): CodeAction[] {
    const { service, analysis, places } = understood;
    const diagnostics = [lspDiagnostic(diagnostic, places, this.#form)];
    return service.ignoring(analysis, diagnostic).map(({ title, edits }) => ({
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics,
      isPreferred: false,
      edit: this.#workspaceEdit(understood, edits),
    }));
  }

  /** On a variable whose value comes from outside: a comment that says what it is. */
  #assuming({ uri, analysis: { host }, places }: Understood, { start }: Range): CodeAction[] {
    const file = [...host.files, ...host.included].find(({ source }) => source.path === uri);
    const use = file && variableNear(file, places.lines(uri).offset(start));
    const assumed = use && assumeValue(file, use);
    if (!assumed) return [];
    const { title, edit, placeholder } = assumed;
    const kind = CodeActionKind.QuickFix;
    if (!this.#features.snippetEdits || !this.#features.versionedEdits)
      return [{ title, kind, edit: this.#workspaceEdit({ places }, [{ ...edit, path: uri }]) }];
    const { newText } = edit;
    const value = newText.slice(placeholder.start, placeholder.end);
    const snippet = StringValue.createSnippet(
      `${newText.slice(0, placeholder.start)}\${1:${value}}${newText.slice(placeholder.end)}`,
    );
    const edits = [{ range: places.range(uri, edit.span), snippet }];
    const textDocument = { uri, version: this.#version(uri) ?? null };
    return [{ title, kind, edit: { documentChanges: [{ textDocument, edits }] } }];
  }

  #fixesFor({ service, analysis }: Understood, diagnostic: Diagnostic) {
    let found = this.#fixes.get(diagnostic);
    if (!found) {
      found = service.fixesFor(analysis, diagnostic);
      this.#fixes.set(diagnostic, found);
    }
    return found;
  }

  /** With the edit at once where the editor asks for this kind (on saving, say), else when it is chosen. */
  #fixAll(understood: Understood, askedFor: boolean): CodeAction[] {
    const { uri, version, analysis } = understood;
    const findings = analysis.diagnostics.filter((one) => one.finding && one.place.path === uri);
    if (findings.length === 0) return [];
    const action: CodeAction = { title: "Fix all FTP problems in this file", kind: FIX_ALL_KIND };
    if (this.#features.resolvesEdits && !askedFor) {
      const data: FixAllData = { uri, version };
      return [{ ...action, data }];
    }
    const complete = this.withFixAllEdit(action, understood);
    return complete.edit ? [complete] : [];
  }

  withFixAllEdit(action: CodeAction, understood: Understood): CodeAction {
    const { uri, service, analysis, places } = understood;
    const { settings, snapshot, host } = analysis;
    const sources = host.files.map(({ source }) => source);
    const { files, notes } = service.fixAll(sources, {
      settings,
      snapshot,
      wanted: ({ place }) => place.path === uri,
      mayChange: () => true,
    });
    const edits = files.flatMap(({ path, edits: own }) => own.map((edit) => ({ ...edit, path })));
    if (edits.length === 0) return action;
    return {
      ...action,
      edit: this.#workspaceEdit({ places }, edits),
      ...noteCommand(notes, trials(understood, edits)),
    };
  }

  #workspaceEdit({ places }: Pick<Understood, "places">, edits: Fix["edits"]): WorkspaceEdit {
    const changes: Record<string, TextEdit[]> = {};
    for (const { path, span, newText } of edits) {
      changes[path] ??= [];
      changes[path].push({ range: places.range(path, span), newText });
    }
    if (!this.#features.versionedEdits) return { changes };
    return {
      documentChanges: Object.entries(changes).map(([uri, list]) => ({
        textDocument: { uri, version: this.#version(uri) ?? null },
        edits: list,
      })),
    };
  }
}

export function isFixAllData(data: unknown): data is FixAllData {
  return typeof data === "object" && data !== null && "uri" in data && "version" in data;
}

function trials({ analysis }: Understood, edits: Fix["edits"]): SafeTrial[] {
  return safeTrials(
    analysis.host,
    edits.map(({ path }) => path),
    nameOf,
  );
}

function noteCommand(notes: readonly string[], tried: readonly SafeTrial[]): Pick<CodeAction, "command"> {
  if (notes.length === 0 && tried.length === 0) return {};
  const given = [notes.join(" "), tried];
  return { command: { title: "Show what else to do", command: SHOW_NOTE, arguments: given } };
}

/** Whether an editor that asks for these kinds wants this one: a kind contains those that extend it. */
function wanted(only: readonly string[] | undefined, kind: string): boolean {
  return only === undefined || only.some((one) => one === "" || kind === one || kind.startsWith(`${one}.`));
}

function touches(a: Range, b: Range): boolean {
  return !before(a.end, b.start) && !before(b.end, a.start);
}

function before(a: Range["start"], b: Range["start"]): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
