import { type Kind, MAP_KEYS, type Scope } from "./scope.ts";

/** Values as they are written in a script: literals, variables, and everything that shells make of these. */

const PORTS = ["20", "21", "22", "53", "80", "443", "990", "2121", "8080", "50000"];
const NETS = [
  "10.0.0.0/8",
  "192.168.1.0/24",
  "192.0.2.7",
  "172.16.0.0/12",
  "203.0.113.64/26",
  "198.51.100.9",
];
const INTERFACES = ["eth0", "eth1", "ppp0", "lan0", "wlan+"];
const WORDS = ["ftp", "public ftp", "the lan", "no way", "a b c", "Ftp-Data", "x_1", "who knows"];

/** A value without any variable, unquoted. */
export function literal(scope: Scope, kind: Kind): string {
  const { random } = scope;
  switch (kind) {
    case "port":
      return random.pick(PORTS);
    case "number":
      return String(random.between(1, 9));
    case "net":
      return random.pick(NETS);
    case "interface":
      return random.pick(INTERFACES);
    case "protocol":
      return random.pick(["tcp", "udp"]);
    case "words":
      return random.pick(WORDS);
    case "ports":
      return ports(scope).join(" ");
    case "commas":
      return ports(scope).join(",");
    case "triple":
      return `${random.pick(PORTS)},10.0.0.${random.between(1, 9)},${random.pick(PORTS)}`;
    case "array":
    case "map":
      throw new Error("an array has no literal of its own");
  }
}

function ports({ random }: Scope): string[] {
  return random.some(PORTS, random.between(2, 4));
}

/** As one argument of a command; never split into several, never empty. */
export function argument(scope: Scope, kind: Kind): string {
  const forms = [() => written(scope, kind), ...variableForms(scope, kind), ...derivedForms(scope, kind)];
  return scope.random.pick(forms)();
}

type Form = () => string;

function written(scope: Scope, kind: Kind): string {
  const text = literal(scope, kind);
  if (kind === "words" || kind === "ports") return scope.random.chance(0.5) ? `"${text}"` : `'${text}'`;
  return scope.random.weighted([
    [8, text],
    [1, `"${text}"`],
    [1, `'${text}'`],
    [1, `${text.slice(0, 1)}"${text.slice(1)}"`],
  ]);
}

function quoted(kind: Kind, text: string): string {
  return kind === "words" || kind === "ports" ? `"${text}"` : text;
}

function variableForms(scope: Scope, kind: Kind): Form[] {
  const variables = scope.of(kind);
  if (variables.length === 0) return [];
  const name = () => scope.random.pick(variables).name;
  const forms: Form[] = [
    () => quoted(kind, `$${name()}`),
    () => quoted(kind, `\${${name()}}`),
    () => `"$${name()}"`,
    () => quoted(kind, `\${${name()}:-${literal(scope, kind)}}`),
    () => quoted(kind, `$(echo "$${name()}")`),
    () => quoted(kind, `\`printf %s "$${name()}"\``),
  ];
  if (scope.bash) forms.push(() => quoted(kind, `$(cat <<< "$${name()}")`));
  return forms;
}

/** Values made of variables of other kinds. */
function derivedForms(scope: Scope, kind: Kind): Form[] {
  const { random, bash } = scope;
  const some = (other: Kind) => random.pick(scope.of(other)).name;
  const has = (other: Kind) => scope.of(other).length > 0;
  const forms: Form[] = [];
  const when = (condition: boolean, ...more: readonly Form[]) => {
    if (condition) forms.push(...more);
  };
  const undefinedName = () => scope.fresh("NOT_SET_");
  if (kind !== "array" && kind !== "map") {
    when(true, () => quoted(kind, `\${${undefinedName()}:-${literal(scope, kind)}}`));
  }
  switch (kind) {
    case "port":
      when(has("number"), () => arithmetic(scope, 1000 * random.between(1, 40)));
      when(
        has("commas"),
        () => `\${${some("commas")}%%,*}`,
        () => `\${${some("commas")}##*,}`,
        () => `$(echo "$${some("commas")}" | cut -d, -f1)`,
      );
      when(
        has("triple"),
        () => `\${${some("triple")}%%,*}`,
        () => `\${${some("triple")}##*,}`,
      );
      when(
        has("ports"),
        () => `$(set -- $${some("ports")}; echo $2)`,
        () => `\${${some("ports")}%% *}`,
      );
      when(
        bash && has("array"),
        () => `\${${some("array")}[0]}`,
        () => `"\${${some("array")}[1]}"`,
      );
      when(bash && has("array"), () => `\${${some("array")}[\${#${some("array")}[@]} * 0]}`);
      when(bash && has("map"), () => `\${${some("map")}[${random.pick(MAP_KEYS)}]}`);
      when(bash && has("port"), () => `\${${some("port")}/#2/3}`);
      break;
    case "number":
      when(
        has("number"),
        () => `$(($${some("number")} % 9 + 1))`,
        () => `$((${some("number")} > 5 ? 2 : 7))`,
      );
      when(has("words"), () => `\${#${some("words")}}`);
      when(bash && has("array"), () => `\${#${some("array")}[@]}`);
      break;
    case "net":
      when(has("triple"), () => `$(echo $${some("triple")} | cut -d, -f2)`);
      when(has("net"), () => `\${${some("net")}%/*}`);
      when(
        has("number"),
        () => `10.$${some("number")}.0.0/16`,
        () => `"192.168.\${${some("number")}}.1"`,
      );
      break;
    case "interface":
      when(
        has("number"),
        () => `eth$${some("number")}`,
        () => `tun\${${some("number")}}`,
      );
      when(bash && has("interface"), () => `\${${some("interface")}:0:3}9`);
      break;
    case "protocol":
      when(bash && has("protocol"), () => `\${${some("protocol")}^^}`);
      when(true, () => `$(echo TCP | tr A-Z a-z)`);
      break;
    case "words":
      when(
        has("words"),
        () => `"$${some("words")} and more"`,
        () => `"[\${${some("words")}#* }]"`,
      );
      when(
        has("number"),
        () => `"n=$${some("number")}"`,
        () => `"$(printf '%03d' $${some("number")})"`,
      );
      when(
        bash && has("words"),
        () => `"\${${some("words")}// /_}"`,
        () => `"\${${some("words")}^}"`,
      );
      when(
        bash && has("array"),
        () => `"\${${some("array")}[*]}"`,
        () => `"\${!${some("array")}[*]}"`,
      );
      break;
    case "commas":
      when(bash && has("ports"), () => `\${${some("ports")}// /,}`);
      when(
        has("ports"),
        () => `$(echo $${some("ports")} | tr ' ' ',')`,
        () => `$(echo $${some("ports")} | sed 's/ /,/g')`,
      );
      when(has("port"), () => `$${some("port")},3128`);
      when(bash && has("array"), () => `$(IFS=,; echo "\${${some("array")}[*]}")`);
      break;
    case "ports":
      when(has("commas"), () => `"$(echo $${some("commas")} | tr , ' ')"`);
      when(bash && has("commas"), () => `"\${${some("commas")}//,/ }"`);
      when(has("port"), () => `"$${some("port")} 3128"`);
      break;
    default:
  }
  return forms;
}

/** A sum with a number variable; from `base` to `base` + 100. */
function arithmetic(scope: Scope, base: number): string {
  const { random } = scope;
  const name = () => random.pick(scope.of("number")).name;
  return random.one(
    () => `$((${base} + ${name()}))`,
    () => `$((${base} + $${name()} * 10))`,
    () => `$(( (${base} / 10 + ${name()}) * 10 ))`,
    () => `$((${base} + (${name()} << 2) - ${name()} % 3))`,
    () => `$(expr ${base} + $${name()})`,
    () => `$((${name()} > 3 ? ${base} : ${base} + 1))`,
  )();
}
