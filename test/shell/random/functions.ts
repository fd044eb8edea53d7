import { newName } from "./assignments.ts";
import { condition } from "./conditions.ts";
import type { Kind, Scope } from "./scope.ts";
import type { Body } from "./statements.ts";
import { argument } from "./values.ts";
import { compound, type Piece } from "./writer.ts";

const PARAMETERS: readonly Kind[] = ["port", "port", "net", "interface", "protocol", "number", "words"];

/** Defines a function. Its parameters get names of their own at its beginning, local or not. */
export function functionDefinition(scope: Scope, body: Body): Piece {
  const { random, bash } = scope;
  const name = scope.fresh("open", "allow_", "add_", "do");
  const parameters = random.some(PARAMETERS, random.between(0, 3));
  const piece = scope.inside(() => {
    const names = parameters.map((kind) => newName(scope, kind));
    const local = random.chance(0.7) ? "local " : "";
    const byShift = random.chance(0.2);
    const lines = names.map((one, i) =>
      byShift ? `${local}${one}="$1"; shift` : `${local}${one}="$${i + 1}"`,
    );
    for (const [i, kind] of parameters.entries()) scope.add({ name: names[i]!, kind });
    const before = scope.inFunction;
    scope.inFunction = true;
    const inside = [...lines, ...body(scope), ...ending(scope)];
    scope.inFunction = before;
    const head = bash && random.chance(0.2) ? `function ${name} {` : `${name}() {`;
    return compound(head, inside, "}");
  });
  scope.functions.push({ name, parameters });
  return piece;
}

function ending(scope: Scope): string[] {
  const { random } = scope;
  if (random.chance(0.75)) return [];
  return [
    random.one(
      () => "return 0",
      () => "return 1",
      () => `if ${condition(scope)}; then return 1; fi`,
    )(),
  ];
}

/** A call of a function that is there; undefined where there is none. */
export function call(scope: Scope): string | undefined {
  if (scope.functions.length === 0) return undefined;
  const { name, parameters } = scope.random.pick(scope.functions);
  const words = [name, ...parameters.map((kind) => quoted(argument(scope, kind)))].join(" ");
  return scope.random.weighted([
    [8, words],
    [1, `${words} && $IPT -A OUTPUT -m comment --comment "after ${name}" -j ACCEPT`],
    [1, `${words} || $IPT -A OUTPUT -m comment --comment "failed ${name}" -j ACCEPT`],
    [1, `run ${words}`],
  ]);
}

function quoted(word: string): string {
  return /^\$[\w{]/.test(word) && !word.startsWith("$(") && !/[ "]/.test(word) ? `"${word}"` : word;
}
