import assert from "node:assert/strict";
import { test } from "node:test";
import { familyOfFile } from "../../../server/src/syntax/detect.ts";
import { ruleCases, scriptCases } from "../../shell/save-cases.ts";
import { corpusFiles } from "../syntax/nftables-corpus.ts";
import { listRules, saved } from "./listed.ts";

test("each rule is printed as the real iptables-save was recorded to print it", (t) => {
  const cases = ruleCases();
  for (const { program, table, written, saved } of cases) {
    const [listed] = listRules(written, program, table);
    assert.deepEqual([listed?.text, listed?.unknown], [saved, undefined], `${program} ${written}`);
  }
  t.diagnostic(`${cases.length} rules`);
  assert.ok(cases.length > 700);
});

for (const { name, script, saved: recorded } of scriptCases()) {
  test(`after a script: ${name}`, () => {
    const tools = [saved(script), saved(script, "shell", 6)].filter((text) => text !== "");
    assert.equal(tools.map((text) => `${text}\n`).join(""), recorded);
  });
}

test("what is printed of a real dump, loaded again, is printed the same", (t) => {
  const files = corpusFiles("real-save/save", [""]);
  if (!files) {
    console.error("SKIPPED: no real dumps");
    t.skip("the corpus is not here");
    return;
  }
  for (const { name, text } of files) {
    const family = familyOfFile(name, text);
    const once = saved(text, "iptables-save", family);
    if (!once.includes("  ? ")) assert.equal(saved(`${once}\n`, "iptables-save", family), once, name);
  }
  assert.ok(files.length > 50);
});

test("several addresses are several rules", () => {
  assert.deepEqual(
    listRules("-s 10.0.0.1,10.0.0.2 -p tcp -d 1.1.1.1,2.0.0.0/8 --dport 21 -j ACCEPT").map(
      ({ text }) => text,
    ),
    [
      "-s 10.0.0.1/32 -d 1.1.1.1/32 -p tcp -m tcp --dport 21 -j ACCEPT",
      "-s 10.0.0.1/32 -d 2.0.0.0/8 -p tcp -m tcp --dport 21 -j ACCEPT",
      "-s 10.0.0.2/32 -d 1.1.1.1/32 -p tcp -m tcp --dport 21 -j ACCEPT",
      "-s 10.0.0.2/32 -d 2.0.0.0/8 -p tcp -m tcp --dport 21 -j ACCEPT",
    ],
  );
});

/** The text and why it is not certain. */
function uncertain(line: string): string {
  const [{ text, unknown } = { text: "" }] = listRules(line).map((one) => ({ unknown: undefined, ...one }));
  return `${text} ? ${unknown}`;
}

test("what is not known stands as it was written, and the rest in its own form", () => {
  assert.equal(
    uncertain("-j ACCEPT -p tcp --dport $PORT -s 10.1.2.3/8"),
    "-s 10.0.0.0/8 -p tcp -m tcp --dport $PORT -j ACCEPT ? the variable $PORT",
  );
  assert.equal(uncertain("-s $NET -p 6"), "-s $NET -p tcp ? the variable $NET");
  assert.equal(
    uncertain("-m limit --limit $RATE -j DROP"),
    "-m limit --limit $RATE -j DROP ? the variable $RATE",
  );
  assert.equal(uncertain("-p udp -j $TARGET"), "-p udp -j $TARGET ? the variable $TARGET");
  assert.equal(uncertain("-j LOG --log-prefix $P"), "-j LOG --log-prefix $P ? the variable $P");
});

test("what only the host knows is named", () => {
  assert.equal(
    uncertain("-s ftp.example.net -j DROP"),
    "-s ftp.example.net -j DROP ? the address of ftp.example.net",
  );
  assert.equal(
    uncertain("-m owner --uid-owner vsftpd -j ACCEPT"),
    "-m owner --uid-owner vsftpd -j ACCEPT ? the number of the user vsftpd",
  );
});

test("matches and targets of others keep their options as they were written", () => {
  assert.equal(
    uncertain("-s 10.1.2.3/8 -m geoip --src-cc DE,AT -j DROP"),
    "-s 10.0.0.0/8 -m geoip --src-cc DE,AT -j DROP ? the match geoip",
  );
  assert.equal(uncertain("-i eth0 -j TARPIT --tarpit"), "-i eth0 -j TARPIT --tarpit ? the target TARPIT");
});

test("what may be there has a doubt", () => {
  const script = `
iptables -P INPUT DROP
if [ -f /etc/ftp ]; then
  iptables -A INPUT -p tcp --dport 21 -j ACCEPT
  iptables -t nat -A OUTPUT -j ACCEPT
fi
iptables -A INPUT -j DOCKER
iptables -N own
iptables -A own -s $1 -j DROP
`;
  const maybe = "whether /etc/ftp exists";
  assert.match(saved(script), /-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT {2}\? .*\/etc\/ftp/, maybe);
  assert.match(saved(script), /^\*nat {2}\? .*\/etc\/ftp/m);
  assert.match(saved(script), /^COMMIT {2}\? .*\/etc\/ftp/m);
  assert.match(saved(script), /-A INPUT -j DOCKER {2}\? whether something else made the chain DOCKER/);
  assert.match(saved(script), /-A own -s \$1 -j DROP {2}\? the positional parameter \$1/);
  assert.match(saved(script), /^:own - \[0:0\]$/m);
});

test("whether iptables can show what nft made in its tables is left open", () => {
  const nft =
    "table ip filter {\n chain INPUT {\n type filter hook input priority 0;\n tcp dport 22 accept\n }\n}\n";
  assert.match(saved(nft, "nft"), /^\*filter {2}\? whether iptables can show the rules that nft made/m);
});
