import { newName } from "./assignments.ts";
import { type Kind, MAP_KEYS, type Scope } from "./scope.ts";
import type { Body } from "./statements.ts";
import { argument, literal } from "./values.ts";
import { compound, type Piece } from "./writer.ts";

/** A loop of any form; `body` writes what is in it. */
export function loop(scope: Scope, body: Body): Piece {
  const forms: (readonly [number, () => Piece])[] = [
    [6, () => forWords(scope, body)],
    [2, () => counting(scope, body)],
    [3, () => whileRead(scope, body)],
    [1, () => splitting(scope, body)],
  ];
  if (scope.bash) forms.push([2, () => arithmeticFor(scope, body)], [3, () => overArray(scope, body)]);
  scope.loops++;
  try {
    return scope.inside(() => scope.random.weighted(forms)());
  } finally {
    scope.loops--;
  }
}

function forWords(scope: Scope, body: Body): Piece {
  const { random, bash } = scope;
  const kind = random.pick<Kind>(["port", "port", "net", "interface", "protocol", "number", "words"]);
  const name = newName(scope, kind);
  const words = Array.from({ length: random.between(1, 3) }, () => argument(scope, kind)).join(" ");
  const lists = [words];
  if (kind === "port") {
    for (const { name: list } of scope.of("ports"))
      lists.push(`$${list}`, `$(echo $${list} | tr ' ' '\\n' | sort -n)`);
    for (const { name: list } of scope.of("commas"))
      lists.push(`$(echo $${list} | tr , ' ')`, `\`echo $${list} | sed 's/,/ /g'\``);
    lists.push(`$(seq 3000${random.between(0, 4)} 3000${random.between(5, 7)})`);
    if (bash) lists.push("{7000..7002}", "8{0,1}80");
    if (bash)
      for (const { name: list } of scope.of("array")) lists.push(`"\${${list}[@]}"`, `\${${list}[*]}`);
  }
  if (kind === "number") lists.push("$(seq 1 3)", "`seq 2 2 6`", ...(bash ? ["{1..3}"] : []));
  const list = random.pick(lists);
  scope.add({ name, kind, fixed: true });
  return compound(`for ${name} in ${list}; do`, body(scope), "done");
}

function counting(scope: Scope, body: Body): Piece {
  const { random } = scope;
  const name = newName(scope, "number");
  const last = random.between(2, 4);
  scope.add({ name, kind: "number", fixed: true });
  const [keyword, test] = random.pick([
    ["while", `[ $${name} -lt ${last} ]`],
    ["until", `[ $${name} -ge ${last} ]`],
    ["while", `test $${name} -ne ${last}`],
  ] as const);
  // The count comes first, so that continue does not skip it; a part of the head, so that it is never taken away.
  const step = random.pick([`${name}=$((${name} + 1))`, `${name}=$(expr $${name} + 1)`]);
  const loops = compound(`${keyword} ${test}; do ${step}`, body(scope), "done");
  return { parts: [{ head: "{", body: [`${name}=0`, loops] }], tail: "}" };
}

function whileRead(scope: Scope, body: Body): Piece {
  const { random, bash } = scope;
  const kinds: Kind[] = random.pick<Kind[]>([["port"], ["protocol", "port"], ["net", "port", "words"]]);
  const names = kinds.map((kind) => newName(scope, kind));
  const separator = random.chance(0.7) ? " " : "|";
  const rows = Array.from({ length: random.between(1, 3) }, () =>
    kinds.map((kind) => literal(scope, kind)).join(separator),
  );
  for (const [i, kind] of kinds.entries()) scope.add({ name: names[i]!, kind, fixed: true });
  const read = `${separator === "|" ? "IFS='|' " : ""}read -r ${names.join(" ")}`;
  if (random.chance(0.2)) {
    const quoted = rows.map((row) => `'${row}'`).join(" ");
    return compound(`printf '%s\\n' ${quoted} | while ${read}; do`, body(scope), "done");
  }
  if (random.chance(0.2)) {
    const file = scope.fresh("list");
    scope.files[file] = `${rows.join("\n")}\n`;
    return compound(`while ${read}; do`, body(scope), `done < ./${file}`);
  }
  if (random.chance(0.2)) {
    return compound(
      `while ${read}; do`,
      ['[ -n "$IPT" ] || continue', ...body(scope)],
      `done <<'EOF'\n${rows.join("\n")}\nEOF`,
    );
  }
  if (bash && random.chance(0.4)) {
    return compound(`while ${read}; do`, body(scope), `done <<< "${rows.join("\n")}"`);
  }
  return compound(`while ${read}; do`, body(scope), `done <<EOF\n${rows.join("\n")}\nEOF`);
}

/** "port,address,port" taken apart by IFS and set. */
function splitting(scope: Scope, body: Body): Piece {
  const entry = newName(scope, "triple");
  const triples = [argument(scope, "triple"), literal(scope, "triple")];
  const [from, host, to] = [newName(scope, "port"), newName(scope, "net"), newName(scope, "port")];
  const split = scope.random.pick([
    `OLDIFS=$IFS; IFS=,; set -- $${entry}; IFS=$OLDIFS; ${from}=$1; ${host}=$2; ${to}=$3`,
    `${from}=\${${entry}%%,*}; ${to}=\${${entry}##*,}; ${host}=\${${entry}#*,}; ${host}=\${${host}%,*}`,
    `IFS=, read ${from} ${host} ${to} <<EOF\n$${entry}\nEOF`,
  ]);
  scope.add({ name: entry, kind: "triple", fixed: true });
  for (const [name, kind] of [
    [from, "port"],
    [host, "net"],
    [to, "port"],
  ] as const)
    scope.add({ name, kind });
  const rule = `$IPT -t nat -A PREROUTING -p tcp --dport $${from} -j DNAT --to-destination $${host}:$${to}`;
  return compound(`for ${entry} in ${triples.join(" ")}; do`, [split, rule, ...body(scope)], "done");
}

function arithmeticFor(scope: Scope, body: Body): Piece {
  const name = newName(scope, "number");
  const last = scope.random.between(2, 3);
  scope.add({ name, kind: "number", fixed: true });
  const head = scope.random.pick([
    `for ((${name} = 1; ${name} <= ${last}; ${name}++)); do`,
    `for ((${name}=${last}; ${name} > 0; ${name}-=1)); do`,
    `for (( ${name}=1 ; ${name}<7 ; ${name}+=${last} )); do`,
  ]);
  return compound(head, body(scope), "done");
}

function overArray(scope: Scope, body: Body): Piece {
  const { random } = scope;
  const arrays = scope.of("array");
  const maps = scope.of("map");
  if (maps.length > 0 && random.chance(0.4)) {
    const { name: map } = random.pick(maps);
    const key = scope.fresh("key");
    const port = newName(scope, "port");
    scope.add({ name: port, kind: "port" });
    return compound(
      `for ${key} in ${MAP_KEYS.join(" ")}; do`,
      [`${port}=\${${map}[$${key}]}`, ...body(scope)],
      "done",
    );
  }
  if (arrays.length === 0) return arithmeticFor(scope, body);
  const { name: array } = random.pick(arrays);
  const index = newName(scope, "number");
  const port = newName(scope, "port");
  scope.add({ name: port, kind: "port" });
  const head = random.pick([
    `for ${index} in "\${!${array}[@]}"; do`,
    `for ((${index} = 0; ${index} < \${#${array}[@]}; ${index}++)); do`,
  ]);
  return compound(head, [`${port}=\${${array}[$${index}]}`, ...body(scope)], "done");
}
