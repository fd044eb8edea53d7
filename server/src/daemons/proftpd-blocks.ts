import { span } from "../text/span.ts";
import { includeCandidates, includedFiles } from "./proftpd-include.ts";
import type { Directive } from "./proftpd-lines.ts";
import { directivesOf } from "./proftpd-lines.ts";
import type { ConfigFile, ConfigNeed, ConfigProblem, Place } from "./server-config.ts";

/** A directive that takes effect, with its place. */
export interface Setting {
  readonly directive: Directive;
  readonly place: Place;
}

/** Directives of one server, or those of a <Global> block. */
export interface Section {
  /** Its opening line; undefined for the main server. */
  readonly name?: string;
  readonly settings: Setting[];
  /** In a block that only some sessions meet: <IfClass>, <IfUser>, <IfGroup>, <IfAuthenticated>. */
  readonly sometimes: Setting[];
}

export interface Sections {
  readonly main: Section;
  readonly hosts: readonly Section[];
  readonly globals: readonly Section[];
  /** Directives that ProFTPD refuses where they stand. */
  readonly misplaced: readonly Setting[];
  readonly problems: readonly ConfigProblem[];
  readonly needs: readonly ConfigNeed[];
}

type Kind = "host" | "global" | "condition" | "some" | "inner";

/** An open block, with what it has from the blocks around it. */
interface Block {
  readonly kind: Kind;
  /** Lower case, without brackets. */
  readonly name: string;
  readonly directive: Directive;
  readonly path: string;
  /** Where the settings in it go. */
  readonly section: Section;
  /** In a condition that is not met: nothing in it counts. */
  readonly skipped: boolean;
  /** In a block that is about something else than a server. */
  readonly inner: boolean;
  /** In a block that only some sessions meet. */
  readonly some: boolean;
  /** The innermost condition, as text. */
  readonly condition?: string;
}

/** More than any configuration includes: files that include each other by patterns have to end. */
const MOST_INCLUDES = 200;

/** Sorts the directives by the server they belong to; reads included files that were given. */
export function sectionsOf(file: ConfigFile, others: readonly ConfigFile[]): Sections {
  const sorter = new Sorter(others);
  sorter.read(file);
  sorter.finish(file);
  return sorter;
}

class Sorter implements Sections {
  readonly main: Section = { settings: [], sometimes: [] };
  readonly hosts: Section[] = [];
  readonly globals: Section[] = [];
  readonly misplaced: Setting[] = [];
  readonly problems: ConfigProblem[] = [];
  readonly needs: ConfigNeed[] = [];
  readonly #others: readonly ConfigFile[];
  readonly #open: Block[] = [];
  readonly #defined = new Set<string>();
  /** Paths of the files that are being read, the innermost last. */
  readonly #reading: string[] = [];
  #included = 0;

  constructor(others: readonly ConfigFile[]) {
    this.#others = others;
  }

  read(file: ConfigFile): void {
    this.#reading.push(file.path);
    for (const directive of directivesOf(file.text)) {
      const name = directive.name.text.toLowerCase();
      if (name.startsWith("</")) this.#close(file, directive, name.slice(2).replace(/>$/, ""));
      else if (name.startsWith("<")) this.#begin(file, directive, name.slice(1).replace(/>$/, ""));
      else if (!this.#around?.skipped) this.#take(file, directive, name);
    }
    this.#reading.pop();
  }

  finish(file: ConfigFile): void {
    for (const { directive, path, kind, skipped } of this.#open) {
      if (kind === "condition" && !skipped) continue;
      const message = `ProFTPD refuses the file: this block is not closed${path === file.path ? "" : " in it"}.`;
      this.problems.push({ path, span: directive.span, message, refused: true });
    }
  }

  /** The innermost open block. */
  get #around(): Block | undefined {
    return this.#open.at(-1);
  }

  #take(file: ConfigFile, directive: Directive, name: string): void {
    if (name === "include") this.#include(file, directive);
    else if (name === "define") this.#defined.add(directive.args[0]?.text ?? "");
    else this.#file({ directive, place: this.#placeOf(file.path, directive) });
  }

  /** Puts a setting where it belongs. */
  #file(setting: Setting): void {
    const { inner = false, some = false, section = this.main } = this.#around ?? {};
    if (inner) this.misplaced.push(setting);
    else (some ? section.sometimes : section.settings).push(setting);
  }

  #placeOf(path: string, { span: line, name, args }: Directive): Place {
    const value =
      args.length === 0 ? span(name.span.end, name.span.end) : span(args[0]!.span.start, line.end);
    const condition = this.#around?.condition;
    return { path, line, value, ...(condition !== undefined && { condition }) };
  }

  #begin(file: ConfigFile, directive: Directive, name: string): void {
    const around = this.#around;
    const kind = kindOf(name);
    const isCondition = kind === "condition" || kind === "some";
    const condition = isCondition ? opening(directive) : around?.condition;
    const skipped = around?.skipped || (kind === "condition" && !this.#holds(name, directive));
    this.#open.push({
      kind,
      name,
      directive,
      path: file.path,
      section: this.#sectionIn(kind, directive),
      skipped,
      inner: around?.inner || kind === "inner",
      some: around?.some || kind === "some",
      ...(condition !== undefined && { condition }),
    });
  }

  #sectionIn(kind: Kind, directive: Directive): Section {
    const around = this.#around;
    if (kind !== "host" && kind !== "global") return around?.section ?? this.main;
    const section: Section = { name: opening(directive), settings: [], sometimes: [] };
    if (!around?.skipped) (kind === "host" ? this.hosts : this.globals).push(section);
    return section;
  }

  /** Modules are taken to be loaded, names to be defined only by Define: `proftpd -D` is not known here. */
  #holds(name: string, { args }: Directive): boolean {
    const argument = args[0]?.text ?? "";
    const negated = argument.startsWith("!");
    if (name === "ifmodule") return !negated;
    if (name !== "ifdefine") return true;
    return this.#defined.has(negated ? argument.slice(1) : argument) !== negated;
  }

  /** mod_core.c, end_ifmodule: an end of a condition that was never opened is no error. */
  #close(file: ConfigFile, directive: Directive, name: string): void {
    const at = this.#open.findLastIndex((block) => block.name === name);
    if (at >= 0) this.#open.splice(at);
    else if (kindOf(name) !== "condition" && !this.#around?.skipped) {
      const message = `ProFTPD refuses the file: no <${name}> is open here.`;
      this.problems.push({ path: file.path, span: directive.span, message, refused: true });
    }
  }

  #include(file: ConfigFile, directive: Directive): void {
    const pattern = directive.args[0]?.text ?? "";
    const found = includedFiles(pattern, file.path, this.#others);
    for (const other of found) {
      if (this.#reading.includes(other.path) || this.#included >= MOST_INCLUDES) continue;
      this.#included++;
      this.read(other);
    }
    if (found.length > 0 || pattern === "") return;
    const place = this.#placeOf(file.path, directive);
    this.needs.push({ pattern, candidates: includeCandidates(pattern, file.path), place });
  }
}

function kindOf(name: string): Kind {
  if (name === "virtualhost") return "host";
  if (name === "global") return "global";
  if (/^if(module|define|version)$/.test(name)) return "condition";
  return /^if(class|user|group|authenticated)$/.test(name) ? "some" : "inner";
}

/** The opening line of a block as text: `<VirtualHost 192.0.2.1>`. */
function opening({ name, args }: Directive): string {
  return `${[name.text.replace(/>$/, ""), ...args.map((arg) => arg.text)].join(" ")}>`;
}
