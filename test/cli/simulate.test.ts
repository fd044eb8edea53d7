import assert from "node:assert/strict";
import { test } from "node:test";
import { BROKEN_NFT, BROKEN_V4, BROKEN_V6, inFolder, WORKING_NFT } from "./cli.ts";

interface Place {
  readonly path: string;
  readonly range: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
}

interface Session {
  readonly verdict: string;
  readonly step?: string;
  readonly reason?: string;
  readonly at?: Place;
  readonly classes?: unknown;
  readonly trace?: readonly {
    readonly packet: string;
    readonly hook: string;
    readonly chain?: string;
    readonly rule?: Place;
    readonly effect: string;
  }[];
}

interface SimulateDocument {
  readonly version: number;
  readonly sessions: Readonly<Record<string, Session>>;
  readonly problems?: readonly { readonly code: string; readonly path: string }[];
}

const SERVER = ["--role", "server", "--passive-ports", "50060-50060"];

test("JSON: four sessions; what stops one, where, and the way there", () => {
  inFolder({ "a.nft": BROKEN_NFT }, (folder) => {
    const { status, document } = folder.json<SimulateDocument>(["simulate", "a.nft", ...SERVER]);
    assert.equal(status, 0);
    assert.equal(document.version, 1);
    assert.deepEqual(Object.keys(document.sessions), ["active4", "passive4", "active6", "passive6"]);
    assert.deepEqual(document.sessions.active4, {
      verdict: "works",
      classes: [{ clients: "any", ports: [{ sourcePorts: [[20, 20]], clientPorts: [[1024, 65535]] }] }],
    });
    const { verdict, step, reason, at, trace } = document.sessions.passive4!;
    assert.deepEqual(
      { verdict, step, reason },
      { verdict: "blocked", step: "data SYN client -> server:50060", reason: "policy drop of chain input" },
    );
    assert.deepEqual([at!.path, at!.range.start.line], ["a.nft", 2]);
    const tracked = {
      packet: "control SYN client -> server:21",
      hook: "prerouting",
      effect: "conntrack: new",
    };
    assert.deepEqual(trace![0], tracked);
    const first = trace![1]!;
    assert.deepEqual(
      { ...first, rule: first.rule?.range.start.line },
      { packet: "control SYN client -> server:21", hook: "input", chain: "input", rule: 5, effect: "accept" },
    );
    const last = trace!.at(-1)!;
    assert.deepEqual(last, {
      packet: "data SYN client -> server:50060",
      hook: "input",
      chain: "input",
      effect: "policy drop",
    });
  });
});

test("which clients pass over which ports: as sets, in JSON and in words", () => {
  const text = BROKEN_NFT.replace(
    "tcp dport 21",
    "ip saddr 10.0.0.0/8 tcp dport 50000-51000 accept\n    tcp dport 52000-52010 accept\n    tcp dport 21",
  );
  inFolder({ "a.nft": text }, (folder) => {
    const { document } = folder.json<SimulateDocument>(["simulate", "a.nft", "--role", "server"]);
    const ports = (...passivePorts: number[][]) => [{ passivePorts, clientPorts: [[1024, 65535]] }];
    assert.deepEqual(document.sessions.passive4!.classes, [
      { clients: ["10.0.0.0/8"], ports: ports([50000, 51000], [52000, 52010]) },
      {
        clients: ["1.0.0.0-9.255.255.255", "11.0.0.0-126.255.255.255", "128.0.0.0-223.255.255.255"],
        ports: ports([52000, 52010]),
      },
    ]);
    const { stdout } = folder.run(["simulate", "a.nft", "--role", "server"]);
    assert.match(stdout, /clients 10\.0\.0\.0\/8: server ports 50000-51000, 52000-52010\n/);
    assert.match(stdout, /everyone else: server ports 52000-52010\n/);
  });
});

test("a rule that drops is named by its number, as the tools list it", () => {
  const text = BROKEN_V4.replace(":INPUT DROP", ":INPUT ACCEPT").replace(
    "COMMIT",
    "-A INPUT -j DROP\nCOMMIT",
  );
  inFolder({ "rules.v4": text }, (folder) => {
    const { document } = folder.json<SimulateDocument>(["simulate", "rules.v4", ...SERVER]);
    assert.equal(document.sessions.passive4!.reason, "rule 3 of chain INPUT drops it");
    assert.equal(document.sessions.passive6!.verdict, "works", "what the files omit is open");
  });
});

test("several files are one host", () => {
  inFolder({ "rules.v4": BROKEN_V4, "rules.v6": BROKEN_V6 }, (folder) => {
    const { document } = folder.json<SimulateDocument>(["simulate", "rules.v4", "rules.v6", ...SERVER]);
    const verdicts = Object.values(document.sessions).map(({ verdict }) => verdict);
    assert.deepEqual(verdicts, ["works", "blocked", "works", "blocked"]);
  });
});

test("unknown names the fact; --client settles it, in either order of the addresses", () => {
  const text = WORKING_NFT.replace("tcp dport", "ip saddr @friends tcp dport").replace(
    "  chain",
    "  set friends { type ipv4_addr; elements = { 192.0.2.1 }; }\n  chain",
  );
  inFolder({ "a.nft": text }, (folder) => {
    const verdict = (...args: string[]) =>
      folder.json<SimulateDocument>(["simulate", "a.nft", ...SERVER, ...args]).document.sessions.passive4!;
    assert.equal(verdict().verdict, "unknown");
    assert.match(String(verdict().reason), /client's address/);
    assert.equal(verdict("--client", "192.0.2.1").verdict, "works");
    assert.equal(verdict("--client", "2001:db8::1,192.0.2.1").verdict, "works");
    assert.equal(verdict("--client", "192.0.2.2,2001:db8::1").verdict, "no-control");
  });
});

test("options that are not what they should be: exit status 2 and one line", () => {
  inFolder({ "a.nft": WORKING_NFT }, (folder) => {
    const wrong: string[][] = [
      [],
      ["--role", "router"],
      ["--role", "server", "--client", "192.0.2"],
      ["--role", "server", "--client", "192.0.2.1,192.0.2.2"],
      ["--role", "server", "--client-ports", "5"],
      ["--role", "server", "--client-interface", "a b"],
      ["--role", "server", "--control-port", "70000"],
      ["--role", "server", "--data-port", "some"],
      ["--role", "server", "--tls", "yes"],
      ["--role", "server", "--pasv-address", "both"],
      ["--role", "server", "--helper", "manual"],
      ["--role", "server", "--format", "xml"],
      ["--role", "server", "--port", "21"],
      ["--role", "server", "nope.nft"],
    ];
    for (const args of wrong) {
      const { status, stdout, stderr } = folder.run(["simulate", "a.nft", ...args]);
      assert.deepEqual(
        [status, stdout, stderr.split("\n").length],
        [2, "", 2],
        `${args.join(" ")}: ${stderr}`,
      );
    }
    const right = folder.run(
      "simulate a.nft --role gateway --client 10.1.0.2,fd01::2 --client-ports 40000-40999 --server 10.2.0.2,fd02::2 --connect-to 10.2.0.2 --client-interface lan0 --server-interface wan0 --passive-ports 50060-50060 --control-port 21 --data-port any --tls explicit --pasv-address follow --helper automatic".split(
        " ",
      ),
    );
    assert.deepEqual([right.status, right.stderr], [0, ""]);
  });
});

test("text: a table of verdicts, then what stops each session and the way there", () => {
  inFolder({ "rules.v4": BROKEN_V4 }, (folder) => {
    const { status, stdout } = folder.run(["simulate", "rules.v4", ...SERVER]);
    assert.equal(status, 0);
    assert.deepEqual(stdout.split("\n").slice(0, 7), [
      "          IPv4        IPv6",
      "active    works       works",
      "passive   blocked     works",
      "",
      "passive over IPv4: blocked",
      "  policy drop of chain INPUT  (rules.v4:2:1)",
      "  at the packet: data SYN client -> server:50060",
    ]);
    const blocks = stdout.trimEnd().split("\n\n");
    assert.deepEqual(blocks[2]?.split("\n"), [
      "  control SYN client -> server:21",
      "    prerouting   conntrack: new",
      "    input        INPUT            accept               line 6    -A INPUT -p tcp -m tcp --dport 21 -j ACCEPT  (1 rule before it did not decide)",
    ]);
    assert.deepEqual(blocks.at(-1)?.split("\n"), [
      "  data SYN client -> server:50060",
      "    prerouting   conntrack: new",
      "    input        INPUT            policy drop          line 2  (2 rules before it did not decide)",
    ]);
  });
});

test("--trace shows the way of the sessions that work as well; a bridge's table is said to be out of it", () => {
  const bridge =
    "table bridge b {\n  chain c {\n    type filter hook forward priority 0; policy drop;\n  }\n}\n";
  inFolder({ "a.nft": WORKING_NFT + bridge }, (folder) => {
    const silent = folder.run(["simulate", "a.nft", ...SERVER]);
    assert.equal(silent.stdout.split("\n\n").length, 1);
    assert.match(silent.stderr, /^ftp-firewall: table bridge b is out of the path: .*\n$/);
    const { stdout } = folder.run(["simulate", "a.nft", ...SERVER, "--trace"]);
    assert.match(stdout, /\n {2}data FIN server -> client\n {4}output {7}conntrack: established\n/);
    assert.deepEqual(
      folder.json<{ notes: string[] }>(["simulate", "a.nft", ...SERVER]).document.notes?.length,
      1,
    );
  });
});

test("a file that the real tools would refuse: said beside the answer", () => {
  inFolder(
    { "a.nft": `${WORKING_NFT}table inet more { chain c { tcp dport 99999 accept; }; }\n` },
    (folder) => {
      const text = folder.run(["simulate", "a.nft", ...SERVER]);
      assert.equal(text.status, 0);
      assert.match(text.stderr, /^ftp-firewall: a\.nft:9:\d+: the real tools would refuse this: [^\n]*\n$/);
      const { document } = folder.json<SimulateDocument>(["simulate", "a.nft", ...SERVER]);
      assert.equal(document.problems?.length, 1);
      assert.equal(document.problems[0]?.path, "a.nft");
    },
  );
});
