import { type Kind, MAP_KEYS, type Scope, type Variable } from "./scope.ts";
import { argument, literal } from "./values.ts";

/** Statements that give variables their values. */

const NAMES: Readonly<Record<Kind, readonly string[]>> = {
  port: ["PORT", "port", "P"],
  number: ["n", "COUNT", "i"],
  net: ["NET", "LAN", "host"],
  interface: ["IF", "WAN", "dev"],
  protocol: ["proto", "PROTO"],
  words: ["text", "NAME", "remark"],
  ports: ["PORTS", "list"],
  commas: ["DPORTS", "multi"],
  triple: ["FORWARD", "entry"],
  array: ["ports", "ARR"],
  map: ["port_of", "MAP"],
};

const SCALARS = [
  "port",
  "number",
  "net",
  "interface",
  "protocol",
  "words",
  "ports",
  "commas",
  "triple",
] as const;

export function anyScalar({ random }: Scope): Kind {
  return random.pick(SCALARS);
}

export function newName(scope: Scope, kind: Kind): string {
  return scope.fresh(...NAMES[kind]);
}

/** Gives a new variable or one that there is a value, by one of the many ways to do it. */
export function assignment(scope: Scope, kind: Kind = anyScalar(scope)): string {
  const { random, bash } = scope;
  const old = scope.variables.filter((one) => one.fixed !== true && one.kind === kind);
  if (old.length > 0 && random.chance(0.4)) return reassignment(scope, random.pick(old));
  const name = newName(scope, kind);
  const value = argument(scope, kind);
  // The variable is there from the next statement on.
  const text = random.weighted<() => string>([
    [10, () => `${name}=${value}`],
    [1, () => `export ${name}=${quotedOnce(value)}`],
    [1, () => `: \${${name}:=${literal(scope, kind)}}`],
    [scope.depth === 0 ? 1 : 0, () => `readonly ${name}=${quotedOnce(value)}`],
    [1, () => `eval ${name}=\\"${literal(scope, kind)}\\"`],
    [bash ? 1 : 0, () => `printf -v ${name} %s ${value}`],
    [bash ? 1 : 0, () => `read -r ${name} <<< ${value}`],
    [bash ? 1 : 0, () => `declare ${name}=${quotedOnce(value)}`],
    [1, () => `read ${name} <<EOF\n${literal(scope, kind)}\nEOF`],
    [kind === "words" ? 0 : 1, () => `${name}=$(printf '%s\\n' ${value} | head -n 1)`],
  ])();
  scope.add({ name, kind, fixed: text.startsWith("readonly") });
  return text;
}

/** Behind export and the like dash splits what is not quoted. */
function quotedOnce(value: string): string {
  return /^[\w./,:+-]*$/.test(value) || /^["']/.test(value) ? value : `"${value}"`;
}

function reassignment(scope: Scope, { name, kind }: Variable): string {
  const { random, bash } = scope;
  if (kind === "number") {
    const forms = [
      `${name}=$(((${name} + 1) % 9 + 1))`,
      `${name}=$(( ${name} % 5 + 2 ))`,
      `: $((${name} = ${name} % 7 + 1))`,
    ];
    if (bash) forms.push(`let "${name} = ${name} % 8 + 1"`, `(( ${name} = ${name} > 4 ? 1 : ${name} + 1 ))`);
    return random.pick(forms);
  }
  if (kind === "words" && bash && scope.loops === 0 && random.chance(0.3)) return `${name}+=" too"`;
  return `${name}=${argument(scope, kind)}`;
}

/** An array or an associative array; only for bash. */
export function arrayAssignment(scope: Scope): string {
  const { random } = scope;
  const arrays = scope.of("array");
  if (arrays.length > 0 && scope.loops === 0 && !scope.inFunction && random.chance(0.4)) {
    const { name } = random.pick(arrays);
    return random.pick([
      `${name}+=(${argument(scope, "port")})`,
      `${name}[0]=${argument(scope, "port")}`,
      `${name}[\${#${name}[@]}]=${argument(scope, "port")}`,
      `${name}=("\${${name}[@]}" ${literal(scope, "port")})`,
    ]);
  }
  if (random.chance(0.6)) {
    const name = newName(scope, "array");
    const items = Array.from({ length: random.between(2, 4) }, () => argument(scope, "port"));
    const text = random.one(
      () => `${name}=(${items.join(" ")})`,
      () => `${name}=(${literal(scope, "ports")})`,
      () => `declare -a ${name}=(${items.join(" ")})`,
      () => `read -r -a ${name} <<< "${literal(scope, "ports")}"`,
      () => `IFS=, read -ra ${name} <<< "${literal(scope, "commas")}"`,
      () => `mapfile -t ${name} < <(printf '%s\\n' ${literal(scope, "ports")})`,
    )();
    scope.add({ name, kind: "array" });
    return text;
  }
  const name = newName(scope, "map");
  const pairs = MAP_KEYS.map((key) => `[${key}]=${argument(scope, "port")}`);
  scope.add({ name, kind: "map" });
  return `declare -A ${name}=(${pairs.join(" ")})`;
}
