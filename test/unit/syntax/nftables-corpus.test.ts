import assert from "node:assert/strict";
import { test } from "node:test";
import { convertNft } from "../../../server/src/convert/nftables/convert.ts";
import { lex } from "../../../server/src/syntax/nftables/lexer.ts";
import { parseNft } from "../../../server/src/syntax/nftables/parse.ts";
import type { NftFile, RuleNode } from "../../../server/src/syntax/nftables/tree.ts";
import { type CorpusFile, corpusFiles, leaves, skipWithoutCorpus } from "./nftables-corpus.ts";

/** nft 1.0.6 wrote it with backslashes before its quotes and refuses to read it again. */
const REFUSED_BY_NFT = new Set(["1.0.6/dumps/chains/0043chain_ingress.nft"]);

function syntaxErrors({ name, text }: CorpusFile, file: NftFile): string[] {
  return file.problems.map(
    ({ message, statement }) => `${name}: ${message} | ${text.slice(statement.start, statement.end)}`,
  );
}

test("upstream dumps and samples are read without a problem", (t) => {
  const files = corpusFiles("nft-upstream", [".nft"]);
  if (!files) return skipWithoutCorpus(t, "nft-upstream");
  const errors: string[] = [];
  let statements = 0;
  let opaque = 0;
  for (const file of files) {
    const tree = parseNft(file.text);
    const all = leaves(tree);
    statements += all.length;
    opaque += all.filter(({ node }) => node.kind === "opaque").length;
    if (!REFUSED_BY_NFT.has(file.name)) errors.push(...syntaxErrors(file, tree));
  }
  assert.deepEqual(errors, []);
  t.diagnostic(
    `${files.length} files, ${statements} statements, ${opaque} opaque (in a file that nft refuses)`,
  );
  assert.ok(files.length >= 550 && statements > 4000);
  assert.equal(opaque, 1);
});

test("upstream dumps and samples convert without a problem of ours", (t) => {
  const files = corpusFiles("nft-upstream", [".nft"]);
  if (!files) return skipWithoutCorpus(t, "nft-upstream");
  const codes = new Map<string, number>();
  let conditions = 0;
  let opaque = 0;
  for (const { name, text } of files) {
    const { operations, problems } = convertNft(parseNft(text), { path: name, resolve: () => "missing" });
    for (const { code } of problems) codes.set(code, (codes.get(code) ?? 0) + 1);
    for (const operation of operations) {
      if (operation.op !== "append") continue;
      conditions += operation.body.items.length;
      opaque += operation.body.items.filter(
        (item) => (item.item === "condition" ? item.condition : item.statement).kind === "opaque",
      ).length;
    }
  }
  t.diagnostic(`${conditions} conditions and statements, ${opaque} of them opaque`);
  // The sample load_balancing.nft has a nat chain at priority -300, which the kernel refuses.
  assert.deepEqual(
    [...codes],
    [
      ["syntax-error", 1],
      ["nat-before-conntrack", 2],
    ],
  );
  assert.ok(opaque < conditions / 10);
});

interface RuleTest {
  readonly file: string;
  readonly rule: string;
  readonly ok: boolean;
  /** Each family the rule is for, with the chain's type line. */
  readonly tables: readonly { readonly family: string; readonly chain: string }[];
}

/** Reads nft's own rule tests: `:chain;type`, `*family;table;chains`, `rule;ok[;canonical]`. */
function ruleTests({ name, text }: CorpusFile): RuleTest[] {
  const chains = new Map<string, string>();
  const tests: RuleTest[] = [];
  let tables: RuleTest["tables"][number][] = [];
  let inHeader = false;
  for (const line of text.split("\n")) {
    const [first = "", second = "", third = ""] = line.slice(1).split(";");
    if (line.startsWith(":")) chains.set(first, second);
    else if (line.startsWith("*")) {
      if (!inHeader) tables = [];
      tables.push({ family: first, chain: chains.get(third.split(",")[0] ?? "") ?? "" });
      inHeader = true;
    } else if (/^[^#!?%\s-]/.test(line)) {
      const [rule = "", verdict = "", canonical] = line.split(";");
      inHeader = false;
      const ok = verdict.startsWith("ok");
      tests.push({ file: name, rule, ok, tables });
      if (ok && canonical) tests.push({ file: name, rule: canonical, ok, tables });
    }
  }
  return tests;
}

test("rules that nft accepts have no problem, in any of their families", (t) => {
  const files = corpusFiles("nft-upstream", [".t"]);
  if (!files) return skipWithoutCorpus(t, "nft-upstream");
  const errors: string[] = [];
  let accepted = 0;
  let refused = 0;
  let found = 0;
  for (const { file, rule, ok, tables } of files.flatMap(ruleTests)) {
    for (const { family, chain } of tables) {
      const text = `table ${family} t {\nchain c {\n${chain}\n${rule}\n}\n}\n`;
      const conversion = convertNft(
        parseNft(text),
        { path: file, resolve: () => "missing" },
        { partial: true },
      );
      const problems = conversion.problems.filter((problem) => problem.refused);
      if (!ok) {
        refused++;
        if (problems.length > 0) found++;
      } else {
        accepted++;
        for (const { message } of problems) errors.push(`${file} ${family}: ${rule} | ${message}`);
      }
    }
  }
  t.diagnostic(`${accepted} accepted rules; of ${refused} refused ones ${found} are found`);
  assert.deepEqual(errors, []);
  assert.ok(accepted > 9000 && found >= 200);
});

/** Characters of a rule that no part covers, apart from white space and comments. */
function uncovered(text: string, node: RuleNode): string[] {
  return lex(text)
    .filter(
      ({ kind, start, end }) =>
        kind !== "end" && !node.parts.some(({ span }) => span.start <= start && end <= span.end),
    )
    .map(({ text: token }) => token);
}

test("every token of a rule lies in one of its parts", (t) => {
  const files = corpusFiles("nft-upstream", [".t", ".nft"]);
  if (!files) return skipWithoutCorpus(t, "nft-upstream");
  let rules = 0;
  for (const file of files) {
    const texts = file.name.endsWith(".t")
      ? [
          `table ip t {\nchain c {\n${ruleTests(file)
            .map(({ rule }) => rule)
            .join("\n")}\n}\n}\n`,
        ]
      : [file.text];
    for (const text of texts) {
      for (const { node, start, end } of leaves(parseNft(text))) {
        if (node.kind !== "rule") continue;
        rules++;
        assert.deepEqual(uncovered(text.slice(start, end), node), [], text.slice(start, end));
      }
    }
  }
  assert.ok(rules > 4000);
});

for (const folder of ["real-ftp/nft", "real-save/nft"]) {
  test(`real rulesets are read: ${folder}`, (t) => {
    const files = corpusFiles(folder, [""]);
    if (!files) return skipWithoutCorpus(t, folder);
    for (const { name, text } of files) {
      const { operations } = convertNft(parseNft(text), { path: name, resolve: () => "missing" });
      assert.ok(operations.length > 5, name);
    }
  });
}
