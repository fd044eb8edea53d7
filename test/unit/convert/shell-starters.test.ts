import assert from "node:assert/strict";
import { test } from "node:test";
import { convertShell } from "../../../server/src/convert/shell/convert.ts";
import { matchesPattern } from "../../../server/src/convert/shell/pattern.ts";
import { regularExpression } from "../../../server/src/convert/shell/regular-expression.ts";
import { parseShell } from "../../../server/src/syntax/shell/parse.ts";

const RULE = "iptables -A INPUT -p tcp --dport 21 -j ACCEPT";

function convert(script: string) {
  return convertShell(parseShell(script), { path: "fw.sh" });
}

/** What may have changed the rules unseen. */
function unknowns(script: string): string[] {
  return convert(script).operations.flatMap((one) => (one.op === "unknown" ? [one.fact] : []));
}

for (const elsewhere of [
  "ssh gw iptables -F",
  "ssh gw 'iptables -F; iptables -P INPUT DROP'",
  "ssh gw <<'EOF'\niptables -F\nEOF",
  "ip netns exec blue iptables -F",
  "ip netns exec blue sh -c 'iptables -F'",
  "unshare -n iptables -F",
  "nsenter -t 77 -n iptables -F",
  "docker exec web iptables -F",
]) {
  test(`another host or network: ${elsewhere}`, () => {
    const { operations, calls } = convert(`${RULE}\n${elsewhere}\n`);
    assert.deepEqual([operations.length, calls.length], [1, 1]);
  });
}

for (const [script, fact] of [
  [`awk 'BEGIN { system("iptables -F") }'`, /^what awk /],
  [`perl -e 'system("iptables -F")'`, /^what perl /],
  [`python3 - <<'EOF'\nimport os; os.system("nft flush ruleset")\nEOF`, /^what python3 /],
  ["find rules.d -name '*.v4' -exec iptables-restore {} \\;", /^what find /],
  ["parallel iptables -A INPUT -j DROP -s ::: $LIST", /^what parallel /],
  ["chroot /srv/jail iptables -F", /^what chroot /],
  ["nsenter -t 1 -n iptables -F", /^what nsenter /],
  ["curl -s https://example.net/rules.sh | bash", /the output of curl/],
  ["echo '*filter' | tee >(iptables-restore)", /^what >\(iptables-restore\) does$/],
  ["sh /opt/vendor/rules.sh", /^what the file \/opt\/vendor\/rules\.sh does$/],
  ["/opt/vendor/rules.sh start", /^what the file \/opt\/vendor\/rules\.sh does$/],
] as const) {
  test(`what is not followed is said: ${script}`, () => {
    const [first = "", ...more] = unknowns(`${RULE}\n${script}\n`);
    assert.match(first, fact);
    assert.deepEqual(more, []);
  });
}

for (const harmless of [
  "awk '{print \"iptables \" $1}' list >/tmp/out",
  "find /etc/iptables -name '*.v4'",
  "perl -pe 's/a/b/' /etc/hosts",
  "echo iptables is started | logger -t firewall",
]) {
  test(`nothing to say of: ${harmless}`, () => assert.deepEqual(unknowns(harmless), []));
}

for (const later of [
  "(sleep 300; iptables -F) &",
  "{ sleep 300; iptables -F; } &",
  "sleep 300 && iptables -F &",
  "nohup sh -c 'sleep 60; iptables -F' >/dev/null 2>&1 &",
  "at now + 5 minutes <<< 'iptables -F'",
  "echo 'iptables -F' | at now + 5 minutes",
]) {
  test(`left out, and that is said: ${later}`, () => {
    const { operations, notes } = convert(`${RULE}\n${later}\n`);
    assert.deepEqual(
      operations.map(({ op }) => op),
      ["append"],
    );
    assert.match(notes.join("\n"), /does later is left out/);
  });
}

test("a script that waits for its background does all of it", () => {
  const { operations } = convert(`${RULE}\n(sleep 1; iptables -F) &\nwait\n`);
  assert.deepEqual(
    operations.map(({ op }) => op),
    ["append", "flushChain"],
  );
});

test("a script that starts itself for ever comes to an end", () => {
  assert.match(unknowns(`${RULE}\n"$0"\n`).join(), /how often "\$0" calls itself/);
});

test("patterns and expressions with groups take no time to speak of", () => {
  const text = `${"a".repeat(2000)}!`;
  assert.equal(matchesPattern("+(a|aa|aaa|+(a))b", text.slice(0, 200)), false);
  assert.equal(regularExpression("([a-z]+){5}x", true), undefined);
  assert.equal(regularExpression("(a|aa)+x", true), undefined);
  assert.equal(regularExpression("^([0-9]{1,3}\\.){3}[0-9]{1,3}$", true)?.test("192.0.2.1"), true);
  assert.equal(regularExpression("^([0-9]{1,3}\\.){3}[0-9]{1,3}$", true)?.exec(text), null);
});

test("make may do anything to the rules where its Makefile or its target speaks of them", () => {
  const makefile = { path: "Makefile", text: "firewall:\n\tiptables -F\n" };
  const resolve = (name: string) => (name === "Makefile" ? makefile : "missing");
  const facts = convertShell(parseShell("make firewall\n"), { path: "fw.sh", resolve }).operations;
  assert.deepEqual(
    facts.map((one) => one.op === "unknown" && one.fact),
    ["what make firewall does"],
  );
  assert.deepEqual(unknowns("make clean\n"), []);
});
