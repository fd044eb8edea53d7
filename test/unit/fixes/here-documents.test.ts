import assert from "node:assert/strict";
import { test } from "node:test";
import { Service, type SourceFile } from "../../../server/src/service.ts";

const service = new Service();

const script = (text: string): SourceFile[] => [{ path: "fw.sh", text, dialect: "shell", family: 4 }];

/** The script after the fix with the helper, which leaves nothing to repair and changes nothing when made again. */
function tracked(text: string): string {
  const { files, remaining } = service.fixAll(script(text), { strategy: "helper" });
  assert.deepEqual(remaining, []);
  const fixed = files[0]!.text;
  assert.equal(service.fixAll(script(fixed), { strategy: "helper" }).files[0]!.text, fixed);
  return fixed;
}

/** A script around what nft reads. */
const BEFORE = `LAN=10.0.0.0/8
IF=eth0
`;

for (const [name, opening, closing] of [
  ["quoted", "nft -f - <<'EOF'", "EOF"],
  ["in a pipe", 'cat <<"END" | sudo nft -f -', "END"],
] as const) {
  test(`the helper's object and chain go into a here document: ${name}`, () => {
    assert.equal(
      tracked(`${opening}
define lan = 10.0.0.0/8
table ip fw {
  # What comes in.
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    ip saddr $lan tcp dport 21 accept
  }
}
${closing}
`),
      `${opening}
define lan = 10.0.0.0/8
table ip fw {
  ct helper ftp-std {
    type "ftp" protocol tcp
  }

  chain ftp_helper {
    type filter hook prerouting priority -150; policy accept;
    tcp dport 21 ct helper set "ftp-std"
  }

  # What comes in.
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    ip saddr $lan tcp dport 21 accept
  }
}
${closing}
`,
    );
  });
}

test("in a here document that the shell expands, tabs before its lines left out by <<-", () => {
  const rest = `	chain input {
		type filter hook input priority 0; policy drop;
		ct state established,related accept
		iifname \\
			$IF ip saddr $LAN tcp dport 21 accept comment "\\$5"
	}
	}
	EOF
`;
  const before = `${BEFORE}nft -f - <<-EOF
	table ip fw {
`;
  assert.equal(
    tracked(before + rest),
    `${before}	ct helper ftp-std {
		type "ftp" protocol tcp
	}

	chain ftp_helper {
		type filter hook prerouting priority -150; policy accept;
		tcp dport 21 ct helper set "ftp-std"
	}

${rest}`,
  );
});

test("restrictions that variables hold are carried over as they are written", () => {
  const text = `${BEFORE}nft -f - <<EOF
table ip fw {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established accept
    iifname $IF ip saddr $LAN tcp dport 21 accept
  }
}
EOF
`;
  const { files, remaining } = service.fixAll(script(text), { strategy: "ports" });
  assert.deepEqual(remaining, []);
  assert.match(
    files[0]!.text,
    /\n {4}iifname \$IF ip saddr \$LAN tcp dport 21 accept\n {4}iifname \$IF ip saddr \$LAN tcp dport 50000-51000 accept\n/,
  );
});

test("the object goes into the here document with the table's chains, not into another one", () => {
  const first = `nft -f - <<'ONE'
flush ruleset
table inet other {
  chain forward { type filter hook forward priority 0; policy accept; }
}
ONE
`;
  const second = `nft -f - <<'TWO'
table inet fw {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    tcp dport 21 accept
  }
}
TWO
`;
  const fixed = tracked(first + second);
  assert.ok(fixed.startsWith(`${first}nft -f - <<'TWO'\ntable inet fw {\n  ct helper ftp-std {\n`), fixed);
});

test("commands of nft in a here document stay commands", () => {
  const fixed = tracked(`nft -f - <<EOF
add table ip fw
add chain ip fw input { type filter hook input priority 0; policy drop; }
add rule ip fw input ct state established,related accept
add rule ip fw input tcp dport 21 accept
EOF
`);
  assert.match(
    fixed,
    /\nadd ct helper ip fw ftp-std \{ type "ftp" protocol tcp; \}\nadd chain ip fw ftp_helper .*\nadd rule ip fw ftp_helper tcp dport 21 ct helper set "ftp-std"\n/,
  );
});

for (const [name, opening, quote, closing] of [
  ["echo", 'echo "', '\\"', '" | nft -f -'],
  ["one argument", 'nft "', '\\"', '"'],
  ["single quotes", "nft '", '"', "'"],
  ["a variable", "RULES='", '"', '\'\necho "$RULES" | nft -f -'],
] as const) {
  test(`the helper's object and chain go into a text in quotes and do not end them: ${name}`, () => {
    assert.equal(
      tracked(`${opening}table ip fw {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    tcp dport 21 accept
  }
}${closing}
`),
      `${opening}table ip fw {
  ct helper ftp-std {
    type ${quote}ftp${quote} protocol tcp
  }

  chain ftp_helper {
    type filter hook prerouting priority -150; policy accept;
    tcp dport 21 ct helper set ${quote}ftp-std${quote}
  }

  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    tcp dport 21 accept
  }
}${closing}
`,
    );
  });
}

test("a helper object that nothing declares is reported at the rule, and declared in its table", () => {
  const text = (object: string) => `nft -f - <<EOF
table ip fw {
  ${object}chain pre {
    type filter hook prerouting priority -150; policy accept;
    tcp dport 21 ct helper set "ftp-x"
  }
}
EOF
`;
  const [found, ...others] = service.analyse(script(text(""))).diagnostics;
  assert.equal(found?.code, "undefined-helper");
  assert.equal(found.refused, true);
  assert.equal(text("").slice(found.place.span.start, found.place.span.end), 'ct helper set "ftp-x"');
  assert.deepEqual(others, []);
  assert.equal(tracked(text("")), text('ct helper ftp-x { type "ftp" protocol tcp; }\n  '));
});
