import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { Loader } from "../../../server/src/convert/host.ts";
import { hover } from "../../../server/src/features/hover.ts";
import type { Dialect } from "../../../server/src/syntax/dialect.ts";
import { hoverer } from "./hover-at.ts";

const RULESETS = new URL("../../kernel/rulesets/", import.meta.url);

function rulesets(): { name: string; dialect: Dialect; text: string; family: 4 | 6 }[] {
  return ["server", "client", "gateway"].flatMap((place) =>
    readdirSync(new URL(`${place}/`, RULESETS)).map((name) => ({
      name: `${place}/${name}`,
      dialect: name.endsWith(".nft") ? "nft" : name.endsWith(".sh") ? "shell" : "iptables-save",
      text: readFileSync(new URL(`${place}/${name}`, RULESETS), "utf8"),
      family: name.endsWith("6") ? 6 : 4,
    })),
  );
}

/** Hovers at every offset; every hover is about a text with the cursor in it and says something. */
function hoverEverywhere(dialect: Dialect, text: string, family: 4 | 6 = 4): number {
  const hoverIn = hoverer(dialect, text, family);
  const seen = new Set<string>();
  let shown = 0;
  for (let offset = 0; offset <= text.length; offset++) {
    const found = hoverIn(offset);
    if (!found) continue;
    shown++;
    const { start, end } = found.span;
    assert.ok(start <= offset && offset <= end && end <= text.length, `${start}–${end} at ${offset}`);
    if (seen.has(found.markdown)) continue;
    seen.add(found.markdown);
    assert.match(found.markdown, /\S/);
    assert.doesNotMatch(found.markdown, /undefined|NaN|\[object/, `at ${offset}`);
    assert.ok(found.markdown.split("\n").length <= 64, `too long at ${offset}`);
  }
  return shown;
}

/** Of many alike, a few: every offset of all of them would take half a minute. */
const EVERY = 6;

test("hover works at every offset of some of the kernel test's rulesets, in every dialect", () => {
  const some = rulesets().filter((_, i) => i % EVERY === 0);
  assert.equal(new Set(some.map((one) => one.dialect)).size, 3);
  for (const { name, dialect, text, family } of some) {
    assert.ok(hoverEverywhere(dialect, text, family) > Math.min(20, text.length / 20), name);
  }
});

const PIECES: Readonly<Record<Dialect, readonly string[]>> = {
  nft: [
    ..."table|chain|set|map|{|}|;|\n|inet|ip|t|c|type filter hook input priority|-200|0|policy drop".split(
      "|",
    ),
    ...'tcp dport|21|50000-51000|{ 20, 21 }|ct state|established,related|ct helper|"ftp"|accept|drop'.split(
      "|",
    ),
    ...'jump c|vmap|:|@s|$x|define x =|{{ a }}|# note\n|"|limit rate 5/second|ip saddr|10.0.0.0/8|.|!='.split(
      "|",
    ),
  ],
  "iptables-save": [
    ..."*filter|*raw|COMMIT|\n|:INPUT DROP [0:0]|-A INPUT|-A PREROUTING|-p tcp|--dport|21|50000:51000|!".split(
      "|",
    ),
    ..."-m conntrack|--ctstate|NEW,RELATED|-m geoip|--src-cc|-j|ACCEPT|CT|--helper ftp|-s|10.0.0.0/8|[1:2]".split(
      "|",
    ),
    ...'# note\n|@NAME@|"|-m|-t nat|--foo|-i eth+|-m multiport --dports 20,21'.split("|"),
  ],
  shell: [
    ...'iptables|$IPT|IPT=iptables|\n|;|-A INPUT|-p tcp|--dport|21|$1|"$@"|-j ACCEPT|for p in 20 21; do'.split(
      "|",
    ),
    ..."done|open() {|}|open 21|if true; then|fi|# note\n|'|\"|`|$(|)|-P INPUT DROP|\\\n|nft add rule ip t c accept".split(
      "|",
    ),
  ],
};

for (const dialect of Object.keys(PIECES) as Dialect[]) {
  test(`hover never throws on any mixture of words (${dialect})`, () => {
    const text = fc
      .array(fc.constantFrom(...PIECES[dialect]), { maxLength: 25 })
      .map((pieces) => pieces.join(" "));
    fc.assert(
      fc.property(text, (mixture) => {
        hoverEverywhere(dialect, mixture);
      }),
      { numRuns: 150 },
    );
  });
}

test("hover on a file of 10,000 rules is quick", () => {
  const rules = Array.from({ length: 10_000 }, (_, i) => `-A INPUT -p tcp --dport ${1024 + i} -j ACCEPT`);
  const text = `*filter\n:INPUT DROP [0:0]\n${rules.join("\n")}\nCOMMIT\n`;
  const host = new Loader().load([{ path: "rules.v4", text, dialect: "iptables-save", family: 4 }]);
  const input = { host, file: host.files[0]!, cases: [] };
  const offset = text.indexOf("--dport 6000");
  hover(input, offset);
  const start = performance.now();
  for (let i = 0; i < 12; i++) assert.ok(hover(input, offset + i));
  const each = (performance.now() - start) / 12;
  assert.ok(each < 50, `${each.toFixed(1)} ms per hover`);
});
