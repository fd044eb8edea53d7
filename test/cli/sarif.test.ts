import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import Ajv from "ajv-draft-04";
import type * as Sarif from "sarif";
import { exampleBelow } from "../../scripts/docs/page.ts";
import { BROKEN_NFT, BROKEN_SCRIPT, BROKEN_V4, type Folder, inFolder, type RunOptions } from "./cli.ts";

/** The schema of the standard's committee, as Microsoft's package for Jest carries it. */
const schema = createRequire(import.meta.url).resolve(
  "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json",
);
/** RFC 3986's characters; a per cent sign begins an escape. */
const isReference = (text: string) => /^(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9A-F]{2})*$/.test(text);
const validate = new Ajv({
  strict: false,
  unicodeRegExp: false, // the schema's pattern for languages is none with the flag u
  allErrors: true,
  formats: {
    "date-time": true,
    "uri-reference": isReference,
    uri: (text) => isReference(text) && URL.canParse(text),
  },
}).compile<Sarif.Log>(JSON.parse(readFileSync(schema, "utf8")));

/** The one run of a log that the schema accepts. */
function sarif(folder: Folder, args: readonly string[], options?: RunOptions): Sarif.Run {
  const { stdout, stderr } = folder.run(["check", ...args, "--format", "sarif"], options);
  assert.equal(stderr, "");
  const log: unknown = JSON.parse(stdout);
  if (!validate(log)) assert.fail(JSON.stringify(validate.errors, undefined, 2));
  const [run, ...others] = log.runs;
  assert.ok(run && others.length === 0);
  for (const { ruleId, ruleIndex } of run.results!)
    assert.equal(run.tool.driver.rules![ruleIndex!]!.id, ruleId);
  return run;
}

/** The offset of a line and column, which SARIF counts from one, here in UTF-16 units. */
function offset(text: string, line: number, column: number): number {
  let at = 0;
  for (let i = 1; i < line; i++) at = text.indexOf("\n", at) + 1;
  return at + column - 1;
}

function textOf(text: string, region: Sarif.Region): string {
  return text.slice(
    offset(text, region.startLine!, region.startColumn!),
    offset(text, region.endLine!, region.endColumn!),
  );
}

/** Does what a reader of SARIF does: replaces from the end on. */
function applied(text: string, changes: readonly Sarif.ArtifactChange[]): string {
  const replacements = changes.flatMap((change) => change.replacements);
  const from = ({ deletedRegion: { startLine, startColumn } }: Sarif.Replacement) =>
    offset(text, startLine!, startColumn!);
  return replacements
    .toSorted((a, b) => from(b) - from(a))
    .reduce((result, one) => {
      const start = from(one);
      const deleted = textOf(text, one.deletedRegion).length;
      return result.slice(0, start) + (one.insertedContent?.text ?? "") + result.slice(start + deleted);
    }, text);
}

test("the schema is the real one: it refuses what is no log", () => {
  assert.equal(validate({ version: "2.1.0", runs: [{ results: [] }] }), false);
  assert.equal(
    validate({ version: "2.1.0", runs: [{ tool: { driver: { name: "x" } }, result: [] }] }),
    false,
  );
  assert.equal(validate({ version: "2.1.0", runs: [{ tool: { driver: { name: "x" } } }] }), true);
});

const NAMES = "with a blank/";
const FILES: Readonly<Record<string, string>> = {
  "a b.nft": BROKEN_NFT,
  "dos.nft": BROKEN_NFT.replaceAll("\n", "\r\n"),
  "wide.nft": BROKEN_NFT.replace(
    "tcp dport 21 accept",
    'ip saddr 10.0.0.0/8 tcp dport 21 accept comment "Grüße 😀"',
  ),
  "one-line.nft":
    'table inet f { chain i { type filter hook input priority 0; policy drop; ct state established accept; icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept; tcp dport 21 accept comment "😀"; }; }\n',
  "rules.v4": BROKEN_V4,
  "fw.sh": BROKEN_SCRIPT,
  "continued.sh": BROKEN_SCRIPT.replace("-p tcp --dport 21 -j", "-p tcp \\\n  --dport 21 \\\n  -j"),
};

for (const [name, text] of Object.entries(FILES)) {
  test(`${name}: each fix is there as replacements, which take the finding away`, () => {
    inFolder({ [NAMES + name]: text }, (folder) => {
      const [result, ...others] = sarif(folder, [NAMES + name]).results!;
      assert.deepEqual(others, []);
      assert.equal(result!.level, "warning");
      const { artifactLocation, region } = result!.locations![0]!.physicalLocation!;
      assert.deepEqual(artifactLocation, {
        uri: `with%20a%20blank/${name.replaceAll(" ", "%20")}`,
        uriBaseId: "%SRCROOT%",
      });
      assert.match(
        textOf(text, region!),
        /^[^\n]*tcp (?:\\\n {2})?(?:--)?dport 21 [\s\S]*(?:accept|ACCEPT|😀")$/,
      );
      assert.ok(result!.fixes!.length > 1);
      for (const { description, artifactChanges } of result!.fixes!) {
        assert.match(description!.text!, /^(?:Track FTP|Open the data)/);
        const fixed = applied(text, artifactChanges);
        if (text.includes("\r\n")) assert.doesNotMatch(fixed, /(?<!\r)\n/);
        folder.write(NAMES + name, fixed);
        const left = sarif(folder, [NAMES + name]).results!.filter(({ level }) => level !== "note");
        assert.deepEqual(left, [], description!.text);
      }
    });
  });
}

test("a result over several lines ends where the statement does", () => {
  inFolder({ "fw.sh": FILES["continued.sh"]! }, (folder) => {
    const { region } = sarif(folder, ["fw.sh"]).results![0]!.locations![0]!.physicalLocation!;
    assert.deepEqual(region, { startLine: 4, startColumn: 1, endLine: 6, endColumn: 12 });
  });
});

test("what else explains a finding is a related location; in several files a fix changes several", () => {
  const range = BROKEN_V4.replace("COMMIT", "-A INPUT -p tcp --dport 40000:40100 -j ACCEPT\nCOMMIT");
  const files = {
    "rules.v4": range,
    "vsftpd.conf": "listen=YES\npasv_min_port=50000\npasv_max_port=50100\n",
  };
  inFolder(files, (folder) => {
    const [result] = sarif(folder, ["rules.v4"]).results!;
    const [related] = result!.relatedLocations!;
    assert.equal(related!.physicalLocation!.artifactLocation!.uri, "vsftpd.conf");
    assert.match(related!.message!.text!, /passive ports are set here/);
    const changed = result!.fixes!.map(({ artifactChanges }) =>
      artifactChanges.map((one) => one.artifactLocation.uri),
    );
    assert.deepEqual(changed.slice(0, 2), [["rules.v4"], ["vsftpd.conf"]]);
  });
});

test("the rules carry their documentation and usual level", () => {
  const files = { "a.nft": BROKEN_NFT, "b.nft": `${BROKEN_NFT}add rule inet filter nowhere accept\nbogus\n` };
  inFolder(files, (folder) => {
    const { rules } = sarif(folder, ["a.nft", "b.nft"]).tool.driver;
    assert.deepEqual(
      rules!.map(({ id, defaultConfiguration }) => [id, defaultConfiguration!.level]),
      [
        ["helper-not-assigned", "warning"],
        ["syntax-error", "error"],
        ["undefined-chain", "error"],
      ],
    );
    const [check, , loading] = rules!;
    assert.match(check!.shortDescription!.text, /^RELATED is accepted, but/);
    assert.match(check!.fullDescription!.text, /nothing is ever RELATED\.$/);
    assert.match(check!.help!.markdown!, /^# helper-not-assigned\n[\s\S]*## When to live with it/);
    assert.doesNotMatch(check!.help!.markdown!, /\]\((?!https?:)/);
    assert.match(loading!.help!.markdown!, /^# undefined-chain\n/);
    const everything = sarif(folder, ["b.nft"], {});
    assert.deepEqual(
      everything.results!.map(({ level }) => level),
      everything.results!.map(({ ruleId }) => (ruleId === "helper-not-assigned" ? "warning" : "error")),
    );
  });
});

test("the corrections of what is refused and of comments are there as well", () => {
  const comment = "# ftp-firewall: ignore helper-not-asigned — reason\n";
  const files = {
    "rules.v4": `*raw\n-A PREROUTING -j CT --helper ftp\nCOMMIT\n${BROKEN_V4}`,
    "a.nft": comment + BROKEN_NFT,
  };
  inFolder(files, (folder) => {
    const results = sarif(folder, Object.keys(files)).results!;
    for (const [name, code, title, corrected] of [
      [
        "rules.v4",
        "helper-needs-protocol",
        /^Give the helper to TCP/,
        "-A PREROUTING -p tcp --dport 21 -j CT",
      ],
      ["a.nft", "unknown-check", /^Write helper-not-assigned$/, "ignore helper-not-assigned — reason"],
    ] as const) {
      const [fix] = results.find(({ ruleId }) => ruleId === code)!.fixes!;
      assert.match(fix!.description!.text!, title);
      assert.ok(applied(files[name], fix!.artifactChanges).includes(corrected), code);
    }
  });
});

test("what comments ignore is left out: GitHub would show it in spite of a suppression", () => {
  const ignored = `# ftp-firewall: ignore-file helper-not-assigned\n${BROKEN_NFT}`;
  inFolder({ "a.nft": ignored }, (folder) => assert.deepEqual(sarif(folder, ["a.nft"]).results, []));
});

test("the rule of a check that is off by default says so", () => {
  const page = readFileSync(new URL("../../docs/checks/related-unrestricted.md", import.meta.url), "utf8");
  const config = '{ "checks": { "related-unrestricted": "warning" } }';
  const [example] = exampleBelow(page, "Faulty").files;
  inFolder({ "a.nft": example!.text, ".ftp-firewall.json": config }, (folder) => {
    const { results, tool } = sarif(folder, ["a.nft"]);
    assert.equal(results![0]!.level, "warning");
    assert.deepEqual(tool.driver.rules![0]!.defaultConfiguration, { enabled: false, level: "note" });
  });
});

test("nothing found: a log without results; broken bytes and a byte-order mark: a valid log", () => {
  const bytes = Buffer.concat([
    Buffer.from("\ufeff# "),
    Buffer.from([0xfc, 0xff]),
    Buffer.from(`\n${BROKEN_V4}`),
  ]);
  inFolder({ "empty.nft": "table inet f {}\n", "rules.v4": bytes }, (folder) => {
    const { results, tool } = sarif(folder, ["empty.nft"]);
    assert.deepEqual([results, tool.driver.rules], [[], []]);
    const codes = sarif(folder, ["rules.v4"]).results!.map(({ ruleId }) => ruleId);
    assert.ok(codes.includes("byte-order-mark") && codes.includes("helper-not-assigned"), codes.join());
  });
});

test("standard input: as it is called, or -", () => {
  inFolder({}, (folder) => {
    const uri = (args: readonly string[]) =>
      sarif(folder, ["-", ...args], { input: BROKEN_V4 }).results![0]!.locations![0]!.physicalLocation!
        .artifactLocation!.uri;
    assert.equal(uri([]), "-");
    assert.equal(uri(["--stdin-filename", "etc/my rules.v4"]), "etc/my%20rules.v4");
  });
});

test("paths are those of the repository, wherever the tool was started", () => {
  inFolder({ "repo/etc/rules.v4": BROKEN_V4, "outside.v4": BROKEN_V4 }, (folder) => {
    mkdirSync(join(folder.path, "repo/.git"));
    const uris = (path: string) =>
      sarif(folder, [path], { cwd: "repo/etc" }).results!.map(
        (one) => one.locations![0]!.physicalLocation!.artifactLocation,
      );
    const inRepository = [{ uri: "etc/rules.v4", uriBaseId: "%SRCROOT%" }];
    assert.deepEqual(uris("rules.v4"), inRepository);
    assert.deepEqual(uris(join(folder.path, "repo/etc/rules.v4")), inRepository);
    const outside = join(folder.path, "outside.v4");
    assert.deepEqual(uris(outside), [{ uri: `file://${outside}` }]);
  });
});
