import { anyScalar, arrayAssignment, assignment } from "./assignments.ts";
import { condition } from "./conditions.ts";
import { call, functionDefinition } from "./functions.ts";
import { loop } from "./loops.ts";
import { restored } from "./restored.ts";
import { firewallCommand, specification } from "./rules.ts";
import type { Scope } from "./scope.ts";
import { argument, literal } from "./values.ts";
import { compound, type Piece } from "./writer.ts";

/** Writes the statements inside a compound. */
export type Body = (scope: Scope) => Piece[];

const DEEPEST = 3;

/** One to three statements inside something. */
export const someStatements: Body = (scope) =>
  scope.inside(() => statements(scope, scope.random.between(1, 3)));

export function statements(scope: Scope, count: number): Piece[] {
  const pieces: Piece[] = [];
  for (let i = 0; i < count && scope.left > 0; i++) {
    scope.left--;
    pieces.push(statement(scope));
  }
  return pieces;
}

function statement(scope: Scope): Piece {
  const { random, bash, depth } = scope;
  const forms: (readonly [number, () => Piece])[] = [
    [14, () => firewallCommand(scope)],
    [6, () => assignment(scope)],
    [2, () => call(scope) ?? firewallCommand(scope)],
    [1, () => `${condition(scope)} && ${scope.inside(() => firewallCommand(scope))}`],
    [1, () => `${condition(scope)} || ${scope.inside(() => firewallCommand(scope))}`],
    [1, () => positional(scope)],
    [1, () => evaluated(scope)],
    [1, () => restored(scope)],
  ];
  if (bash) forms.push([2, () => arrayAssignment(scope)]);
  if (scope.loops > 0)
    forms.push([1, () => `if ${condition(scope)}; then ${random.pick(["continue", "break"])}; fi`]);
  if (depth < DEEPEST) {
    forms.push(
      [4, () => conditional(scope)],
      [3, () => choice(scope)],
      [5, () => loop(scope, someStatements)],
      [1, () => group(scope)],
    );
  }
  if (depth === 0)
    forms.push([4, () => functionDefinition(scope, someStatements)], [1, () => sourced(scope)]);
  return random.weighted(forms)();
}

function conditional(scope: Scope): Piece {
  const { random } = scope;
  const parts = [{ head: `if ${condition(scope)}; then`, body: someStatements(scope) }];
  if (random.chance(0.3)) parts.push({ head: `elif ${condition(scope)}; then`, body: someStatements(scope) });
  if (random.chance(0.5)) parts.push({ head: "else", body: someStatements(scope) });
  return { parts, tail: "fi" };
}

function choice(scope: Scope): Piece {
  const { random, bash } = scope;
  const kind = random.pick(["port", "protocol", "interface", "words", "number"] as const);
  const patterns = {
    port: ["21", "2*", "80|443", "[89]*"],
    protocol: ["tcp", "ud?", "[tT]cp"],
    interface: ["eth*", "ppp[0-9]", "*0"],
    words: ["*ftp*", "the*", '"a b c"', "[!a-m]*"],
    number: ["[1-4]", "5|6", "?"],
  };
  const chosen = [...random.some(patterns[kind], 2), "*"];
  const arms = chosen.map((pattern) => {
    const end = bash && random.chance(0.15) ? random.pick([";&", ";;&"]) : ";;";
    return { head: `${random.chance(0.2) ? "(" : ""}${pattern})`, body: [...someStatements(scope), end] };
  });
  return {
    parts: [
      {
        head: `case ${argument(scope, kind)} in`,
        body: arms.map(({ head, body }) => ({
          parts: [{ head, body: body.slice(0, -1) }],
          tail: body.at(-1) as string,
        })),
      },
    ],
    tail: "esac",
  };
}

function group(scope: Scope): Piece {
  const { random } = scope;
  return random.one<() => Piece>(
    () => compound("(", [...someStatements(scope), ...(random.chance(0.3) ? ["exit 1"] : [])], ")"),
    () => compound("{", someStatements(scope), "}"),
    () => compound("{", someStatements(scope), "} 2>/dev/null"),
    () => compound("(", someStatements(scope), `) || ${scope.inside(() => firewallCommand(scope))}`),
  )();
}

/** The positional parameters set, and used at once, since functions and other statements have their own. */
function positional(scope: Scope): string {
  const port = () => argument(scope, "port");
  return scope.random.one(
    () =>
      `set -- ${port()} ${port()}; $IPT -A INPUT -p tcp --dport $2 -j ACCEPT; shift; $IPT -A INPUT -p udp --dport $1 -j ACCEPT`,
    () => `set -- ${port()} ${port()} ${port()}; for p; do $IPT -A INPUT -p tcp --dport "$p" -j ACCEPT; done`,
    () =>
      `set -- ${argument(scope, "words")} ${port()}; $IPT -A FORWARD -m comment --comment "$#: $*" -j ACCEPT`,
    () =>
      `set -- ${port()} ${port()}; while [ $# -gt 0 ]; do $IPT -A OUTPUT -p tcp --sport $1 -j ACCEPT; shift; done`,
  )();
}

function evaluated(scope: Scope): string {
  const { random } = scope;
  const kind = anyScalar(scope);
  const name = scope.fresh("dyn_");
  const port = literal(scope, "port");
  return random.one(
    () => `eval "$IPT -A INPUT -p tcp --dport ${port} -j ACCEPT"`,
    () => `eval '${`$IPT -A ${specification(scope)}`.replaceAll("'", `'\\''`)}'`,
    () =>
      `eval "${name}=\\"${literal(scope, kind)}\\""; $IPT -A OUTPUT -m comment --comment "$${name}" -j ACCEPT`,
    () => `${name}_1=${port}; k=1; eval "p=\\$${name}_$k"; $IPT -A INPUT -p tcp --dport $p -j ACCEPT`,
  )();
}

/** A configuration file that is sourced. */
function sourced(scope: Scope): string {
  const file = scope.fresh("conf");
  const lines = ["# settings", ...Array.from({ length: 2 }, () => assignment(scope))];
  scope.files[file] = `${lines.join("\n")}\n`;
  return scope.random.pick([`. ./${file}`, `[ -f ./${file} ] && . ./${file}`, `. "$(dirname "$0")/${file}"`]);
}
