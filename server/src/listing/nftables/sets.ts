import type { ElementChange, NamedSet } from "../../model/ruleset.ts";
import type { Origin } from "../../text/origin.ts";
import { printData } from "./data.ts";
import {
  arrange,
  type Element,
  findElements,
  orderDoubt,
  printElementOf,
  readKey,
  samePlace,
} from "./elements.ts";
import { printOptions, readOptions } from "./options.ts";
import { ElementSource, type SetDeclaration, SetSource } from "./set-source.ts";
import { NotListed, notListed } from "./text.ts";
import { limited } from "./values.ts";

/** The lines inside a set's or map's block, without indentation. */
export interface ListedSet {
  readonly noun: "set" | "map";
  readonly lines: readonly { readonly text: string; readonly origin: Origin; readonly doubt?: string }[];
  /** Why not all of it is known. */
  readonly unknown?: string;
}

/** Elements that the kernel allows where a rule adds some and the set says nothing (nft_dynset_init). */
const DYNAMIC_SIZE = "65535";

/** What nft prints of a set; undefined for one that no nft file declares. `updated`: rules change it. */
export function listSet(set: NamedSet, updated: boolean): ListedSet | undefined {
  const source = set.listed;
  if (!(source instanceof SetSource)) return undefined;
  const { noun } = source;
  const { origin } = set;
  try {
    const { text, policy, size = updated ? DYNAMIC_SIZE : undefined, lines } = source.declaration;
    const head = [
      text,
      ...(policy ? [`policy ${policy}`] : []),
      ...(size === undefined ? [] : [`size ${size}`]),
      ...lines,
    ].map((line) => ({ text: line, origin }));
    return { noun, lines: [...head, ...listElements(set, source)] };
  } catch (error) {
    if (!(error instanceof NotListed)) throw error;
    return { noun, lines: [], unknown: error.message };
  }
}

function listElements(set: NamedSet, source: SetSource): ListedSet["lines"] {
  const { declaration } = source;
  const changes = inOrder(set.changes);
  const doubt = changes.find(({ presence }) => presence !== "certain")?.presence;
  const elements = replay(set, source, changes);
  if (elements.length === 0) return [];
  const origin = changes.findLast(({ change }) => change === "add")?.origin ?? set.origin;
  const shape = {
    types: declaration.key,
    interval: declaration.flags.has("interval"),
    joins: declaration.autoMerge,
  };
  const texts = arrange(elements, shape).map((element) => printElementOf(element, declaration.key));
  const why = typeof doubt === "object" ? doubt.maybe : (createDoubt(source) ?? orderDoubt(elements, shape));
  const maybe = why === undefined ? {} : { doubt: why };
  return wrapped(texts, declaration).map((text) => ({ text, origin, ...maybe }));
}

/** Measured: 1.0.6 makes the set and forgets its elements. */
function createDoubt({ created, elements }: SetSource): string | undefined {
  return created && elements.length > 0
    ? "whether this nft puts elements into a set that it creates"
    : undefined;
}

function inOrder(last: ElementChange | undefined): ElementChange[] {
  const changes: ElementChange[] = [];
  for (let change = last; change; change = change.before) changes.push(change);
  return changes.reverse();
}

/** The elements that are left of all that was put in and taken out. */
function replay(set: NamedSet, source: SetSource, changes: readonly ElementChange[]): Element[] {
  const { declaration } = source;
  let elements = source.elements.flatMap((one) => readElements(one, declaration, set.chain));
  for (const { change, listed, chain } of changes) {
    const sources =
      listed instanceof SetSource ? listed.elements : listed instanceof ElementSource ? [listed] : [];
    const given = sources.flatMap((one) => readElements(one, declaration, chain));
    if (change === "flush") elements = [];
    else if (change === "add") elements = [...elements, ...given];
    else elements = without(elements, given, declaration);
  }
  return elements;
}

/** nft takes away whole elements only, as they are after those that touch were joined. */
function without(
  elements: readonly Element[],
  given: readonly Element[],
  { key, autoMerge, flags }: SetDeclaration,
): Element[] {
  const present = autoMerge
    ? arrange(elements, { types: key, interval: flags.has("interval"), joins: true })
    : elements;
  return present.filter((element) => !given.some((one) => samePlace(one, element)));
}

function readElements(
  { value, variables }: ElementSource,
  declaration: SetDeclaration,
  chain: NamedSet["chain"],
): Element[] {
  const { data, statements } = declaration;
  const chains = { chain: chain ?? ((written: string) => written) };
  const kind = data?.kind === "values" ? data.types : data?.kind;
  return findElements(value, limited(variables)).map(({ node, variables: own }) => {
    const options = readOptions(node.options, own);
    const counted = statements.map((text) => options.statements.find((one) => sameKind(one, text)) ?? text);
    const all = { ...options, statements: counted.length > 0 ? counted : options.statements };
    return {
      key: readKey(node.key, declaration.key, own),
      options: printOptions(all),
      ...(node.value && {
        data: printData(node.value, kind ?? notListed("what a set maps to"), chains, own),
      }),
    };
  });
}

function sameKind(a: string, b: string): boolean {
  return a.split(" ")[0] === b.split(" ")[0];
}

const BEHIND = "\t     ";

/** As many elements on a line as nft puts there for the type of the key. */
function wrapped(texts: readonly string[], { key }: SetDeclaration): string[] {
  const perLine = key.length === 1 ? key[0]!.perLine : 1;
  const lines: string[] = [];
  for (let at = 0; at < texts.length; at += perLine) {
    const last = at + perLine >= texts.length;
    const text = texts.slice(at, at + perLine).join(", ");
    lines.push(`${at === 0 ? "elements = { " : BEHIND}${text}${last ? " }" : ","}`);
  }
  return lines;
}
