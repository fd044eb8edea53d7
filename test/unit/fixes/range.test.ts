import assert from "node:assert/strict";
import { test } from "node:test";
import { Service, type SourceFile } from "../../../server/src/service.ts";

const service = new Service();

/** What `fix` makes of rules beside a vsftpd.conf with these lines. */
function fixed(text: string, server: string): { text: string; codes: string[] } {
  const dialect = text.startsWith("table") || text.startsWith("define") ? "nft" : "iptables-save";
  const file: SourceFile = { path: "rules", text, dialect, family: 4 };
  const serverFiles = [
    { path: "vsftpd.conf", text: `listen_ipv6=YES\nconnect_from_port_20=YES\n${server}\n` },
  ];
  const codes = service.analyse([file], { serverFiles }).diagnostics.map(({ code }) => code);
  return { text: service.fixAll([file], { serverFiles }).files[0]!.text, codes };
}

const RANGE = "pasv_min_port=50000\npasv_max_port=50100";

function save(...rules: string[]): string {
  const lines = [
    "*filter",
    ":INPUT DROP [0:0]",
    ":FORWARD DROP [0:0]",
    ":OUTPUT ACCEPT [0:0]",
    ...rules,
    "COMMIT",
  ];
  return `${lines.join("\n")}\n`;
}

const ANSWERS = "-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT";
const LOGIN = "-A INPUT -p tcp --dport 21 -j ACCEPT";

test("only the rule that lets FTP's data in is changed, whatever else has the same numbers", () => {
  const others = [
    '-A INPUT -p udp --dport 40000:40100 -m comment --comment "RTP 40000:40100" -j ACCEPT',
    "-A FORWARD -d 10.0.0.9 -p tcp --dport 40000:40100 -j DROP",
    "# passive ports: 40000:40100",
  ];
  const rules = (range: string) =>
    save(ANSWERS, LOGIN, `-A INPUT -p tcp --dport ${range} -j ACCEPT`, ...others);
  const { text, codes } = fixed(rules("40000:40100"), RANGE);
  assert.deepEqual(codes, ["passive-range-mismatch"]);
  assert.equal(text, rules("50000:50100"));
});

test("a server that uses one port gets one port, which multiport takes as well", () => {
  const rules = (range: string) =>
    save(ANSWERS, `-A INPUT -p tcp -m multiport --dports 21,${range} -j ACCEPT`);
  const { text } = fixed(rules("40000:40100"), "pasv_min_port=50060\npasv_max_port=50060");
  assert.equal(text, rules("50060"));
});

test("what DNAT forwards is changed together with what is let through", () => {
  const rules = (range: string) =>
    `*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -i wan0 -p tcp --dport 21 -j DNAT --to-destination 10.2.0.2\n` +
    `-A PREROUTING -i wan0 -p tcp --dport ${range} -j DNAT --to-destination 10.2.0.2\nCOMMIT\n` +
    save(
      "-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
      "-A FORWARD -d 10.2.0.2 -p tcp --dport 21 -j ACCEPT",
      `-A FORWARD -d 10.2.0.2 -p tcp --dport ${range} -j ACCEPT`,
      "-A FORWARD -s 10.2.0.2 -p tcp --sport 20 -j ACCEPT",
    );
  assert.equal(fixed(rules("40000:40100"), RANGE).text, rules("50000:50100"));
});

function table(definition: string, range: string, more = ""): string {
  return `${definition}table inet fw {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    tcp dport 21 accept
    tcp dport ${range} accept
  }
  chain forward {
    type filter hook forward priority 0; policy accept;
    ${more}
  }
}
`;
}

test("a name that only this rule uses is changed where it is defined", () => {
  const before = table("define PASSIVE = 40000-40100\n", "$PASSIVE");
  assert.equal(fixed(before, RANGE).text, before.replace("40000-40100", "50000-50100"));
});

test("a name that other rules use, too, is left alone", () => {
  const before = table("define PASSIVE = 40000-40100\n", "$PASSIVE", "tcp dport $PASSIVE drop");
  const { text, codes } = fixed(before, RANGE);
  assert.ok(codes.includes("passive-range-mismatch"));
  assert.ok(text.includes("define PASSIVE = 40000-40100\n"), text);
  assert.ok(text.includes("tcp dport $PASSIVE drop"), text);
});

for (const [what, lines] of [
  ["a placeholder", "pasv_min_port={{ min }}\npasv_max_port={{ max }}"],
  ["a variable of a shell", `pasv_min_port=$${"{MIN}"}\npasv_max_port=$${"{MAX}"}`],
  ["an octal number", "pasv_min_port=040000\npasv_max_port=040100"],
] as const) {
  test(`${what} in the server's configuration is no range to open`, () => {
    const before = save(ANSWERS, LOGIN, "-A INPUT -p tcp --dport 50000:50100 -j ACCEPT");
    const { text, codes } = fixed(before, lines);
    assert.equal(text, before);
    assert.ok(codes.includes("server-configuration"), codes.join());
    assert.ok(!codes.includes("passive-range-mismatch"), codes.join());
  });
}

test("a server that uses nearly every port is to be pinned: nobody opens all that", () => {
  const { text } = fixed(
    save(ANSWERS, LOGIN, "-A INPUT -p tcp --dport 40000:40100 -j ACCEPT"),
    "pasv_min_port=40000",
  );
  assert.ok(!text.includes("65535"), text);
});

test("a range that is open for something else is none of FTP's", () => {
  const app = "-A INPUT -p tcp --dport 8080:8090 -j ACCEPT";
  const vnc = '-A INPUT -p tcp --dport 5900:5910 -m comment --comment "vnc" -j ACCEPT';
  const helper =
    "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp --dport 21 -j CT --helper ftp\nCOMMIT\n";
  const works = `${helper}${save(ANSWERS, LOGIN, app)}`;
  assert.deepEqual(fixed(works, RANGE), { text: works, codes: [] });
  const { text, codes } = fixed(save(ANSWERS, LOGIN, vnc), RANGE);
  assert.deepEqual(codes, ["helper-not-assigned"]);
  assert.ok(text.includes(vnc), text);
});
