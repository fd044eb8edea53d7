import { spawnSync } from "node:child_process";
import type { RandomScript } from "./generate.ts";
import type { Compound, Piece } from "./writer.ts";
import { render } from "./writer.ts";

/** Whether a smaller script still shows what is looked for. */
export type StillShows = (script: RandomScript) => Promise<boolean>;

/**
 * A small script that still shows it: takes statements away and puts what is inside a compound in its place, for as long
 * as something can be taken.
 */
export async function minimise(script: RandomScript, stillShows: StillShows): Promise<RandomScript> {
  let current = script;
  for (let before: RandomScript | undefined; before !== current; ) {
    before = current;
    let at = 0;
    for (let candidates = [...smaller(current.pieces)]; at < candidates.length; ) {
      const candidate = { ...current, pieces: candidates[at]! };
      if (isClosed(candidate) && isScript(candidate) && (await stillShows(candidate))) {
        current = candidate;
        candidates = [...smaller(current.pieces)];
      } else at++;
    }
  }
  return withNeededFiles(current);
}

/** Each list with one piece less or one compound less deep; the largest losses first. */
function* smaller(pieces: readonly Piece[]): Generator<Piece[]> {
  for (let size = pieces.length >> 1; size > 1; size >>= 1) {
    for (let from = pieces.length - size; from >= 0; from -= size) yield pieces.toSpliced(from, size);
  }
  for (let i = pieces.length - 1; i >= 0; i--) {
    const piece = pieces[i]!;
    yield pieces.toSpliced(i, 1);
    if (typeof piece === "string") continue;
    // What stands in a function is local to it.
    if (piece.tail !== "}") for (const { body } of piece.parts) yield pieces.toSpliced(i, 1, ...body);
    for (const inner of smallerCompound(piece)) yield pieces.with(i, inner);
  }
}

function* smallerCompound(piece: Compound): Generator<Compound> {
  const { parts } = piece;
  for (let i = parts.length - 1; i > 0; i--) yield { ...piece, parts: parts.toSpliced(i, 1) };
  for (const [i, part] of parts.entries()) {
    for (const body of smaller(part.body)) yield { ...piece, parts: parts.with(i, { ...part, body }) };
  }
}

/** An arm of a case is none outside it. */
function isScript({ pieces, bash }: RandomScript): boolean {
  return spawnSync(bash ? "bash" : "dash", ["-n"], { input: render(pieces) }).status === 0;
}

const ASSIGNED =
  /(?:\b(\w+)\+?(?:\[[^\]]*\])?=|\bfor \(*\s*(\w+)|\$\{(\w+):=|\b(?:read|mapfile|printf)(?: -\w+)* ((?:\w+ ?)+)|-N (\S+))/g;
const READ =
  /\$(?:\{[#!]?)?([A-Za-z_]\w*)(?!\w*:?[-=])|\$\(\([^)]*?\b([A-Za-z]\w*)|((?:chain|LOG_|svc-)\d+)/g;

/** Nothing of it comes from outside: variables are assigned and chains made before they are used. */
function isClosed(script: RandomScript): boolean {
  const { pieces, files } = withNeededFiles(script);
  const text = [...Object.values(files), render(pieces)].join("\n");
  const assigned = new Map<string, number>();
  for (const found of text.matchAll(ASSIGNED)) {
    for (const name of found.slice(1).join(" ").split(" ")) {
      if (!assigned.has(name)) assigned.set(name, found.index);
    }
  }
  return [...text.matchAll(READ)].every(({ 1: variable, 2: counted, 3: chain, index }) => {
    const name = variable ?? counted ?? chain!;
    const at = assigned.get(name);
    if (at === undefined || at > index) return /^(?:IFS|OLDIFS)$/.test(name);
    return chain !== undefined || /[;\n]/.test(text.slice(at, index));
  });
}

function withNeededFiles(script: RandomScript): RandomScript {
  const text = render(script.pieces);
  const needed = Object.entries(script.files).filter(([name]) => text.includes(name));
  return { ...script, files: Object.fromEntries(needed) };
}
