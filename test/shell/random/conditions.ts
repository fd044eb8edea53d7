import { specification } from "./rules.ts";
import type { Kind, Scope } from "./scope.ts";
import { argument, literal } from "./values.ts";

/** A condition whose outcome can be known. */
export function condition(scope: Scope, depth = 0): string {
  const { random, bash } = scope;
  const forms: (readonly [number, () => string])[] = [
    [4, () => comparison(scope)],
    [3, () => `[ "${plain(scope, "words")}" ${random.pick(["=", "!="])} ${quoted(scope, "words")} ]`],
    [1, () => `test -n ${argument(scope, "words")}`],
    [1, () => `[ -z "$\{${scope.fresh("NOT_SET_")}:-}" ]`],
    [1, () => `[ ${argument(scope, "protocol")} = tcp ]`],
    [1, () => random.pick(["true", "false", ":"])],
    [1, () => `$IPT -C ${specification(scope)} 2>/dev/null`],
    [1, () => `echo ${argument(scope, "words")} | grep -q ${literal(scope, "protocol")}`],
  ];
  if (bash) {
    forms.push(
      [1, () => `[[ ${argument(scope, "interface")} == eth* ]]`],
      [1, () => `[[ ${argument(scope, "net")} =~ ^10\\. ]]`],
      [1, () => `[[ ${quoted(scope, "words")} = *ftp* && ${argument(scope, "number")} -gt 3 ]]`],
      [
        1,
        () => `(( ${argument(scope, "number")} ${random.pick(["<", ">=", "=="])} ${random.between(1, 9)} ))`,
      ],
    );
  }
  if (depth < 2) {
    forms.push(
      [1, () => `! ${condition(scope, 2)}`],
      [1, () => `${condition(scope, 2)} ${random.pick(["&&", "||"])} ${condition(scope, 2)}`],
      [1, () => `{ ${condition(scope, 2)} || ${condition(scope, 2)}; }`],
    );
  }
  return random.weighted(forms)();
}

function comparison(scope: Scope): string {
  const { random } = scope;
  const operator = random.pick(["-eq", "-ne", "-lt", "-le", "-gt", "-ge"]);
  const number = () => argument(scope, "number");
  return random.one(
    () => `[ ${number()} ${operator} ${random.between(1, 9)} ]`,
    () => `[ ${number()} ${operator} ${number()} ]`,
    () => `[ ${number()} ${operator} 5 -a ${number()} -gt 0 ]`,
    () => `test ${number()} ${operator} ${number()}`,
  )();
}

function quoted(scope: Scope, kind: Kind): string {
  return `"${plain(scope, kind)}"`;
}

/** A variable or a literal, without quotes. */
function plain(scope: Scope, kind: Kind): string {
  const variables = scope.of(kind);
  if (variables.length > 0 && scope.random.chance(0.7)) return `$${scope.random.pick(variables).name}`;
  return literal(scope, kind);
}
