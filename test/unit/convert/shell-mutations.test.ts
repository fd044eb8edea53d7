import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { Loader } from "../../../server/src/convert/host.ts";
import { listRuleset } from "../../../server/src/listing/listing.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

function scriptsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".sh"))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

const SCRIPTS = ["shell/scripts", "fixtures"]
  .flatMap((folder) => scriptsBelow(join(ROOT, folder)))
  .map((path) => ({ path, text: readFileSync(path, "latin1") }));

/** Milliseconds of the processor for one script. */
const LONGEST = 10_000;

/** Loads a script that may source itself and another; fails where that throws, takes long, or asks for other files. */
function load(text: string): void {
  const asked: string[] = [];
  const started = process.cpuUsage();
  const { files, ruleset } = new Loader().load([{ path: "fw.sh", text, dialect: "shell", family: 4 }], {
    read: (name) => {
      asked.push(name);
      return asked.length % 2 === 0
        ? "missing"
        : { path: "other.sh", text: "x=1\niptables -F\n. other.sh\n" };
    },
  });
  listRuleset(ruleset);
  const { user, system } = process.cpuUsage(started);
  assert.ok((user + system) / 1000 < LONGEST, `${(user + system) / 1000} ms`);
  for (const operation of files[0]!.operations)
    if (operation.op === "unknown") assert.doesNotMatch(operation.fact, /could not be followed/);
}

/** Pieces that the shell takes for more than text. */
const TOKENS = [
  ...`\n ; & | && || ( ) { } < > << <<- <<< >> >& ! $ $( ) \${ } $(( )) \` " ' \\ \\\n # * ? [ ] [[ ]] (( =~ == = += - : , / % ^ ~ @ \0 \r \t \ufeff é ＃`.split(
    " ",
  ),
  ..."if then elif else fi for in do done while until case esac ;; ;& ;;& select function time coproc".split(
    " ",
  ),
  ..."iptables ip6tables nft ipset iptables-restore iptables-save sysctl modprobe echo printf read set shift local export".split(
    " ",
  ),
  ..."declare -n -a -A unset eval exec source . trap return exit break continue getopts alias test [ cat grep sed cut tr".split(
    " ",
  ),
  ..."-A -I -D -C -N -F -P -t -j -s -d -p --dport INPUT ACCEPT DROP filter nat tcp 21 1024:65535 10.0.0.0/8 add rule inet".split(
    " ",
  ),
  ...`x y f $x \${x} \${x:-a} \${x//a/b} \${x[@]} \${!x} \${#x} $1 $@ "$@" $* $# $? $0 {1..3} {a,b} x=1 x+=2 x=(a b) f() EOF <<EOF\n EOF\n`.split(
    " ",
  ),
];

const soup = fc
  .array(fc.constantFrom(...TOKENS), { minLength: 1, maxLength: 80 })
  .map((all) => all.join(" "));

type Change = (text: string) => string;

/** A byte changed, a stretch taken out, doubled, moved, or replaced by tokens; all at places given as parts of the text. */
const change: fc.Arbitrary<Change> = fc
  .tuple(
    fc.constantFrom("byte", "delete", "double", "insert", "cut"),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat({ max: 60 }),
    fc.constantFrom(...TOKENS),
    fc.nat({ max: 255 }),
  )
  .map(([kind, place, length, token, byte]) => (text) => {
    const at = Math.floor(place * text.length);
    const [before, stretch, behind] = [
      text.slice(0, at),
      text.slice(at, at + length),
      text.slice(at + length),
    ];
    switch (kind) {
      case "byte":
        return before + String.fromCharCode(byte) + text.slice(at + 1);
      case "delete":
        return before + behind;
      case "double":
        return before + stretch + stretch + behind;
      case "insert":
        return `${before} ${token} ${stretch}${behind}`;
      default:
        return before;
    }
  });

const SEED = Number(process.env.SEED ?? 20);
const RUNS = Number(process.env.RUNS ?? 3);

test(`${SCRIPTS.length} scripts with random changes: none throws, hangs or ends in a defect`, () => {
  assert.ok(SCRIPTS.length > 100);
  for (const { path, text } of SCRIPTS) {
    const changes = fc.array(change, { minLength: 1, maxLength: 4 });
    const holds = fc.property(changes, (all) => load(all.reduce((changed, one) => one(changed), text)));
    try {
      fc.assert(holds, { seed: SEED, numRuns: RUNS });
    } catch (error) {
      throw new Error(path, { cause: error });
    }
  }
});

test("words of the shell in any order", () => {
  fc.assert(
    fc.property(soup, (text) => load(text)),
    { seed: SEED, numRuns: RUNS * 100 },
  );
});

test("any characters at all", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => load(text)),
    { seed: SEED, numRuns: RUNS * 50 },
  );
});
