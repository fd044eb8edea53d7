import assert from "node:assert/strict";
import { test } from "node:test";
import { needsServer } from "../../../client/src/relevance.ts";

const script = (text: string) => ({ languageId: "shellscript", getText: () => text });

for (const text of [
  "iptables -F",
  "/sbin/ip6tables-restore < rules.v6",
  "IPT=/usr/sbin/iptables",
  "nft -f /etc/nftables.conf",
  "for f in nft; do :; done",
]) {
  test(`a script starts the server: ${text}`, () => assert.equal(needsServer(script(text)), true));
}

for (const text of ["", "echo hello", "cat nftables.conf", "crunft=1", "my_iptables=1", "ebtables -L"]) {
  test(`a script does not start the server: ${text || "(empty)"}`, () =>
    assert.equal(needsServer(script(text)), false));
}

test("rulesets start the server whatever they say; other languages never do, and their text is not read", () => {
  const unread = (languageId: string) => ({ languageId, getText: () => assert.fail("the text was read") });
  assert.equal(needsServer(unread("nft")), true);
  assert.equal(needsServer(unread("iptables")), true);
  assert.equal(needsServer(unread("markdown")), false);
});
