import assert from "node:assert/strict";
import { test } from "node:test";
import { corpusFiles, skipWithoutCorpus } from "../syntax/nftables-corpus.ts";
import { listed } from "./nft-support.ts";

/** nft's own expected outputs: what is listed of such a file, once it is loaded, is the file. */
const DUMPS = "nft-upstream/1.0.6/dumps";

/** Dumps that nft itself would not print again. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "chains/0043chain_ingress.nft": "has backslashes before its quotes: nft 1.0.6 refuses it",
  "nft-f/0012different_defines_0.nft": "{ x } with one element becomes x when it is loaded",
  "sets/0055tcpflags_0.nft": "flags with a bit in common come out in the reverse order each time",
  "sets/0061anonymous_automerge_0.nft": "{ a-b } with one element becomes a-b when it is loaded",
};

test("what nft printed is listed as it stands", (t) => {
  const files = corpusFiles(DUMPS, [".nft"]);
  if (!files) {
    skipWithoutCorpus(t, DUMPS);
    return;
  }
  assert.equal(files.length, 171);
  const different = files.filter(({ text }) => listed(text) !== text.trimEnd()).map(({ name }) => name);
  assert.deepEqual(different, Object.keys(EXCEPTIONS));
});
