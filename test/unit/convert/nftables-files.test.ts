import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { convertNft, createNftSession } from "../../../server/src/convert/nftables/convert.ts";
import { NftParseCache, parseNft } from "../../../server/src/syntax/nftables/parse.ts";
import { NO_FILES, showConversion } from "./nftables-dump.ts";

/** Compares without the indentation that the test's own text needs. */
function expect(text: string, expected: string, context = NO_FILES, options = {}): void {
  const trim = (lines: string) =>
    lines
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .join("\n");
  assert.equal(trim(showConversion(text, context, options)), trim(expected));
}

describe("nftables files: tables and chains", () => {
  test("a table block: objects first, rules after them", () => {
    expect(
      `table inet fw {
        chain input {
          type filter hook input priority filter; policy drop;
          jump ftp
        }
        chain ftp { tcp dport 21 ct helper set "ftp-std"; }
        ct helper ftp-std { type "ftp" protocol tcp; l3proto ip; }
      }`,
      `addTable inet fw
      addChain inet fw input filter input 0 []
      setPolicy inet fw input drop
      addChain inet fw ftp
      addHelper inet fw ftp-std ftp tcp 4
      append input: jump ftp
      append ftp: l4proto=6; dport=21; helper object ftp-std`,
    );
  });

  test("priorities have names, offsets and values of their family", () => {
    expect(
      `table ip a {
        chain a { type nat hook prerouting priority dstnat + 5; }
        chain b { type filter hook output priority mangle - 10; }
        chain c { type filter hook input priority -5; policy accept; }
      }
      table bridge b { chain a { type filter hook input priority filter; } }
      table netdev n { chain a { type filter hook ingress devices = { eth0, "eth1" } priority -500; } }`,
      `addTable ip a
      addChain ip a a nat prerouting -95 []
      addChain ip a b filter output -160 []
      addChain ip a c filter input -5 []
      setPolicy ip a c accept
      addTable bridge b
      addChain bridge b a filter input -200 []
      addTable netdev n
      addChain netdev n a filter ingress -500 [eth0,eth1]`,
    );
  });

  test("what nft or the kernel refuses of a chain", () => {
    expect(
      `table inet t {
        chain a { type nat hook forward priority 0; }
        chain b { type nat hook prerouting priority raw; }
        chain c { type route hook input priority 0; }
        chain d { type filter hook prerouting priority srcnat; }
        chain e { type filter hook input priority 0; masquerade; }
        chain dnat { accept; }
        chain f { policy reject; }
      }`,
      `addTable inet t
      addChain inet t a nat forward 0 []
      addChain inet t b nat prerouting -300 []
      addChain inet t c route input 0 []
      addChain inet t d filter prerouting 100 []
      addChain inet t e filter input 0 []
      addChain inet t dnat
      addChain inet t f
      append e: masquerade
      append dnat: accept
      refused syntax-error at "dnat"
      refused syntax-error at "reject"
      refused chain-type-hook-mismatch at "forward"
      refused nat-before-conntrack at "raw"
      refused chain-type-hook-mismatch at "input"
      refused unknown-priority at "srcnat"
      refused statement-in-wrong-chain at "masquerade"`,
    );
  });

  test("an inline chain is a chain of its own", () => {
    const shown = showConversion(`table ip t { chain c {
      tcp flags syn jump {
        tcp dport 21 accept
        drop
      }
      accept
    } }`).replace(/inline chain \d+/g, "inline");
    assert.equal(
      shown.replace(/tcpflags=[\d,-]+/, "tcpflags=…"),
      `addTable ip t
addChain ip t (inline)
addChain ip t c
append (inline): l4proto=6; dport=21; accept
append (inline): drop
append c: l4proto=6; tcpflags=…; jump (inline)
append c: accept`,
    );
  });

  test("a dormant table", () => {
    expect("table ip t { flags dormant; }", "addTable ip t dormant");
  });
});

describe("nftables files: commands", () => {
  test("add, insert, replace, delete, flush, rename", () => {
    expect(
      `flush ruleset
      add table inet t
      add chain inet t c { type filter hook input priority 0; policy drop; }
      create chain inet t d
      add rule inet t c tcp dport 21 accept
      inet t c udp dport 53 accept
      insert rule inet t c ct state established accept
      add rule inet t c index 0 ip saddr 10.0.0.1 drop
      insert rule inet t c index 1 accept
      rename chain inet t d e
      flush chain inet t c
      delete chain inet t e
      destroy table inet t
      list ruleset`,
      `flushRuleset
      addTable inet t
      addChain inet t c filter input 0 []
      setPolicy inet t c drop
      addChain inet t d new
      append c: l4proto=6; dport=21; accept
      append c: l4proto=17; dport=53; accept
      insert c 0: ctstate=1; accept
      insert c 1: nfproto=4; saddr4=10.0.0.1; drop
      insert c 1: accept
      renameChain inet t d e
      flushChain inet t c
      deleteChain inet t e true
      deleteTable inet t false`,
    );
  });

  test("handles that the file shows, and one it does not", () => {
    expect(
      `table ip t {
        chain c {
          accept # handle 4
          drop # handle 7
        }
      }
      insert rule ip t c handle 7 return
      add rule ip t c position 4 continue
      replace rule ip t c handle 7 accept
      delete rule ip t c handle 4
      delete rule ip t c handle 99`,
      `addTable ip t
      addChain ip t c
      append c: accept
      append c: drop
      insert c 1: return
      insert c 1: continue
      replace c 3: accept
      deleteRule c {"index":0}
      unknown ip t?(which rule has the handle that is named here)`,
    );
  });

  test("elements", () => {
    expect(
      `add table ip t
      add set ip t s { type ipv4_addr; flags interval; }
      add element ip t s { 10.0.0.1, 10.1.0.0/16 }
      delete element ip t s { 10.0.0.1 }
      flush set ip t s
      add element ip t elsewhere { 1.1.1.1 }`,
      `addTable ip t
      addSet ip t set s {}
      addElements ip t s {167772161 | 167837696-167903231}
      deleteElements ip t s {167772161}
      flushSet ip t s
      unknown ip t?(what @elsewhere holds, which is declared elsewhere)
      refused undefined-set at "elsewhere"`,
    );
  });

  test("one command of a script: what it names may exist", () => {
    const command = "add rule inet filter input tcp dport $PORT jump elsewhere";
    expect(command, "append input: l4proto=6; ?(the value of $PORT); jump elsewhere", NO_FILES, {
      partial: true,
    });
  });
});

test("commands of one session know each other's sets", () => {
  const session = createNftSession();
  const run = (text: string) => showConversion(text, { ...NO_FILES, session }, { partial: true });
  run("add table ip t; add set ip t s { type inet_service; }");
  assert.equal(run("add element ip t s { ftp }"), "addElements ip t s {21}");
  assert.equal(
    run("add element ip t s { nosuchservice }").split("\n")[0],
    'unknown ip t?(what @s holds (the port of the service "nosuchservice"))',
  );
});

describe("nftables files: sets and maps", () => {
  test("kinds, types, content", () => {
    expect(
      `table inet t {
        set a { type ipv4_addr . inet_service; elements = { 10.0.0.1 . 21, 10.0.0.2 . ftp-data } }
        set b { typeof tcp dport; flags interval; elements = { 21, 50000-50100 comment "passive" } }
        set c { type ipv4_addr; flags dynamic, timeout; }
        set d { type ipv4_addr; timeout 1h; elements = { 10.0.0.1 } }
        set e { type ether_addr; elements = { 00:11:22:33:44:55 } }
        map f { type inet_service : verdict; elements = { 21 : jump ftp, 22 : accept } }
        map g { type inet_service : ipv4_addr . inet_service; elements = { 21 : 10.0.0.2 . 2121 } }
        map h { type ipv4_addr : counter; elements = { 10.0.0.1 : "hits" } }
        counter hits { packets 0 bytes 0 }
        set seen { type ipv4_addr; }
        chain ftp { add @seen { ip saddr }; }
      }`,
      `addTable inet t
      addSet inet t set a {167772161 . 21 | 167772162 . 20}
      addSet inet t set b {21 | 50000-50100}
      addSet inet t set c {} ?(what fills @c while the firewall runs)
      addSet inet t set d {167772161} ?(what fills @d while the firewall runs)
      addSet inet t set e {} ?(what @e holds)
      addSet inet t vmap f {21: jump ftp | 22: accept}
      addSet inet t map g {21: 167772162 . 2121}
      addSet inet t map h {167772161: hits}
      addObject inet t counter hits
      addSet inet t set seen {} ?(what rules have put into @seen)
      addChain inet t ftp
      append ftp: nfproto=4; noop add @seen`,
    );
  });

  test("refused sets", () => {
    expect(
      `table ip t {
        set a { flags interval; }
        set b { type ipv4_addr; elements = { 10.0.0.0/8 } }
        set c { type inet_service; elements = { 99999 } }
      }`,
      `addTable ip t
      addSet ip t set a {} ?(what @a holds)
      addSet ip t set b {167772160-184549375}
      addSet ip t set c {} ?(the elements of @c (the value 99999))
      refused set-without-type at "set a"
      refused interval-flag-missing at "10.0.0.0/8"
      refused value-out-of-range at "99999"`,
    );
  });
});

describe("nftables files: names that must exist", () => {
  test("undefined chain, set, helper, object, variable; jump to a base chain", () => {
    expect(
      `table inet t {
        chain in { type filter hook input priority 0; }
        chain c {
          jump nowhere
          ip saddr @nothing drop
          ct helper set "none"
          counter name "lost"
          tcp dport $undefined accept
          tcp dport vmap { 21 : goto nowhere2 }
          jump in
        }
      }`,
      `addTable inet t
      addChain inet t in filter input 0 []
      addChain inet t c
      append c: jump nowhere
      append c: nfproto=4; saddr4 in @nothing; drop
      append c: helper object none
      append c: noop counter
      append c: l4proto=6; ?(the value of $undefined); accept
      append c: l4proto=6; dport vmap {21: goto nowhere2}
      append c: jump in
      refused undefined-variable at "$undefined"
      refused undefined-chain at "nowhere"
      refused undefined-set at "@nothing"
      refused undefined-helper at ""none""
      refused undefined-object at ""lost""
      refused undefined-chain at "nowhere2"
      refused jump-to-base-chain at "in"`,
    );
  });

  test("nothing is undefined behind an include that is not here", () => {
    expect(
      `table inet t {
        include "/etc/nftables.d/*.nft"
        chain c { jump nowhere; tcp dport $port accept; }
      }`,
      `unknown ?(the included file /etc/nftables.d/*.nft, whose pattern may stand for any files)
      addTable inet t
      addChain inet t c
      append c: jump nowhere
      append c: l4proto=6; ?(the value of $port); accept`,
    );
  });

  test("nft reads block by block: a later block is too late", () => {
    expect(
      `table ip t { chain a { jump b; } }
      table ip t { chain b { accept; } }`,
      `addTable ip t
      addChain ip t a
      append a: jump b
      addTable ip t
      addChain ip t b
      append b: accept
      refused undefined-chain at "b"`,
    );
  });
});

test("of a template one thing is said", () => {
  expect(
    "table inet t { chain {{ a }} { tcp dport 99999 jump {{ b }}; jump nowhere; ip saddr $x accept; } }",
    `addTable inet t
    addChain inet t {{ a }}
    append {{ a }}: l4proto=6; ?(the value 99999); !(the chain that is jumped to)
    append {{ a }}: jump nowhere
    append {{ a }}: nfproto=4; ?(the value of $x); accept
    refused syntax-error at "{{ a }}"`,
  );
});

describe("nftables files: helper objects", () => {
  const cases: [string, string][] = [
    ['ct helper h { type "ftp" protocol tcp; }', "addHelper inet t h ftp tcp 4+6"],
    ['ct helper h { type "ftp" protocol tcp; l3proto ip6; }', "addHelper inet t h ftp tcp 6"],
    ['ct helper h { type "sip" protocol udp; }', "addHelper inet t h sip udp 4+6"],
    [
      'ct helper h { type "ftp" protocol udp; }',
      'refused helper-protocol-mismatch at "type "ftp" protocol udp"',
    ],
    [
      'ct helper h { type "http" protocol tcp; }',
      'refused unknown-helper-type at "type "http" protocol tcp"',
    ],
    [
      'ct helper h { type "irc" protocol tcp; l3proto ip6; }',
      'refused helper-family-mismatch at "type "irc" protocol tcp"',
    ],
    ["ct helper h { l3proto ip; }", 'refused helper-without-type at "ct helper h"'],
  ];
  for (const [block, expected] of cases) {
    test(block, () => {
      const lines = showConversion(`table inet t { ${block} }`).split("\n");
      assert.equal(lines[lines.length - 1], expected);
    });
  }
});

describe("nftables files: variables", () => {
  test("scopes, redefinition, variables in variables", () => {
    expect(
      `define lan = { 10.0.0.0/8, $more }
      define more = 192.168.0.1
      define nets = { $more, 10.1.1.1 }
      define prio = "filter + 5"
      define verdict = "drop"
      table ip t {
        define inner = 21
        chain c {
          type filter hook input priority $prio; policy $verdict;
          ip saddr $nets tcp dport $inner accept
          redefine inner = 22
          tcp dport $inner accept
          iifname $wan accept
        }
      }
      define more = 10.0.0.1
      add rule ip t c tcp dport $inner accept`,
      `addTable ip t
      addChain ip t c filter input 5 []
      setPolicy ip t c drop
      append c: saddr4=10.1.1.1,192.168.0.1; l4proto=6; dport=21; accept
      append c: l4proto=6; dport=22; accept
      append c: ?(the value of $wan); accept
      append c: l4proto=6; ?(the value of $inner); accept
      refused undefined-variable at "$more"
      refused undefined-variable at "$wan"
      refused redefined-variable at "more"
      refused undefined-variable at "$inner"`,
    );
  });

  test("a jump and a set through variables", () => {
    expect(
      `define target = ftp
      define ports = { 20, 21 }
      table ip t { chain ftp { }
        chain c { tcp dport $ports jump $target; } }`,
      `addTable ip t
      addChain ip t ftp
      addChain ip t c
      append c: l4proto=6; dport=20-21; jump ftp`,
    );
  });

  test("variables that multiply do not take for ever", () => {
    const lines = ["define a0 = { 1, 2 }"];
    for (let i = 1; i < 60; i++) lines.push(`define a${i} = { $a${i - 1}, $a${i - 1} }`);
    lines.push("table ip t { chain c { tcp dport $a59 accept; } }");
    assert.match(showConversion(lines.join("\n")), /append c: l4proto=6; /);
  });
});

describe("nftables files: includes", () => {
  const files: Record<string, string> = {
    "ports.nft": "define ftp = 21\n",
    "chain.nft": "chain more { tcp dport $ftp accept; }\n",
    "rules.nft": "tcp dport $ftp drop\nnonsense here\n",
    "loop.nft": 'include "loop.nft"\n',
  };
  const context = {
    path: "main.nft",
    resolve: (include: string) => {
      if (include === "later.nft") return "pending" as const;
      const text = files[include];
      return text === undefined ? ("missing" as const) : { text, path: `/etc/${include}` };
    },
  };

  test("in a file, a table and a chain; variables come with them", () => {
    const text = `include "ports.nft"
      table ip t {
        include "chain.nft"
        chain c { include "rules.nft"
        }
      }`;
    const { operations, problems } = convertNft(parseNft(text), context);
    const origins = operations.map(
      ({ op, origin }) => `${op} ${origin.file} ${origin.frames.map(({ name }) => name)}`,
    );
    assert.deepEqual(origins, [
      "addTable main.nft ",
      "addChain /etc/chain.nft chain.nft",
      "addChain main.nft ",
      "append /etc/chain.nft chain.nft",
      "append /etc/rules.nft rules.nft",
      "append /etc/rules.nft rules.nft",
    ]);
    assert.deepEqual(
      problems.map(({ code, origin }) => `${code} ${origin.file} ${origin.statement.start}`),
      ["syntax-error /etc/rules.nft 20"],
    );
  });

  test("missing, pending, endless", () => {
    expect(
      'include "gone.nft"\ninclude "later.nft"\n',
      `unknown ?(the included file gone.nft, which is not here)
      unknown ?(the included file later.nft, which has not been read yet)
      needs later.nft`,
      context,
    );
    const endless = convertNft(parseNft('include "loop.nft"'), context);
    assert.deepEqual(
      endless.problems.map(({ code }) => code),
      ["include-loop"],
    );
  });
});

describe("nftables files: sharing", () => {
  test("rules of equal text share one body, in different families they do not", () => {
    const text = `table inet t { chain a { tcp dport 21 accept; tcp dport 21 accept; ip saddr 1.1.1.1 drop; } }
      table ip t { chain a { ip saddr 1.1.1.1 drop; } }`;
    const bodies = convertNft(parseNft(text), NO_FILES).operations.flatMap((op) =>
      op.op === "append" ? [op.body] : [],
    );
    assert.equal(bodies[0], bodies[1]);
    assert.notEqual(bodies[2], bodies[3]);
  });

  test("a second parse with the cache gives the same bodies, with variables of equal value too", () => {
    const cache = new NftParseCache();
    const text =
      "define p = 21\ntable inet t { chain a { tcp dport $p accept; ct state established accept; } }";
    const bodies = (source: string) =>
      convertNft(parseNft(source, cache), NO_FILES).operations.flatMap((op) =>
        op.op === "append" ? [op.body] : [],
      );
    const first = bodies(text);
    const second = bodies(`# a line above\n${text}`);
    assert.equal(first[0], second[0]);
    assert.equal(first[1], second[1]);
    const third = bodies(text.replace("21", "22"));
    assert.notEqual(first[0], third[0]);
    assert.equal(first[1], third[1]);
  });

  test("spans count from the start of the rule's statement", () => {
    const text = "table inet t {\n  chain a {\n    tcp dport 21 accept\n  }\n}\n";
    const [rule] = convertNft(parseNft(text), NO_FILES).operations.flatMap((op) =>
      op.op === "append" ? [op] : [],
    );
    assert.ok(rule);
    const statement = text.slice(rule.origin.statement.start, rule.origin.statement.end);
    const parts = rule.body.items.map((item) => {
      const { span } = item.item === "condition" ? item.condition : item.statement;
      return statement.slice(span.start, span.end);
    });
    assert.deepEqual(parts, ["tcp dport", "tcp dport 21", "accept"]);
  });
});
