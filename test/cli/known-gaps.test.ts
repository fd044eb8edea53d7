import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inFolder, WORKING_NFT } from "./cli.ts";

/** What docs/known-gaps.md states, as it is today. A test that fails here may be good news: take the entry out. */
const GAPS: Readonly<Record<string, () => void>> = {
  "Patterns of folders stay unknown": () => {
    const files = { "main.nft": 'include "./*/a.nft"\n', "parts/a.nft": WORKING_NFT };
    inFolder(files, (folder) => {
      const { stdout } = folder.run(["simulate", "main.nft", "--role", "server"]);
      assert.match(stdout, /unknown[\s\S]*the included file \.\/\*\/a\.nft/);
    });
  },

  "Nothing validates with nft itself": () => {
    inFolder({ "a.nft": WORKING_NFT, ".ftp-firewall.json": '{ "validateWithNft": true }' }, (folder) => {
      const { status, stdout } = folder.run(["check", "a.nft"], { env: { PATH: "" } });
      assert.equal(status, 0);
      assert.doesNotMatch(stdout, /error|warning/);
    });
  },

  "firewalld's zones are not read": () => {
    const zone = '<?xml version="1.0"?>\n<zone><service name="ftp"/></zone>\n';
    inFolder({ "public.xml": zone }, (folder) => {
      assert.match(
        folder.run(["check", "public.xml"]).stderr,
        /public\.xml: it looks like none of the files/,
      );
    });
  },

  "Ports are not opened for one mode of a finding that covers both": () => {
    const text = `table ip f {
  chain output {
    type filter hook output priority 0; policy drop;
    ct state established,related accept
    tcp dport 21 accept
  }
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
  }
}
`;
    inFolder({ "a.nft": text }, (folder) => {
      const { status, stdout } = folder.run(["fix", "a.nft", "--with", "ports"]);
      assert.equal(status, 1);
      assert.match(stdout, /helper-not-assigned: not repaired: active mode needs a way in/);
    });
  },

  "Tests are not taken over from rules in quotes that the shell changes": () => {
    const text = `#!/bin/sh
LAN=eth0
echo "table inet f {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    meta l4proto ipv6-icmp accept
    iifname \\"$LAN\\" tcp dport 21 accept
  }
}" | nft -f -
`;
    inFolder({ "a.sh": text }, (folder) => {
      assert.match(folder.run(["fix", "a.sh", "--with", "ports"]).stdout, /not repaired: no place was found/);
      assert.equal(folder.run(["fix", "a.sh"]).status, 0);
    });
  },

  "TCP's sequence numbers are not followed": () => {
    const text = `table inet t {
  chain raw { type filter hook prerouting priority raw; tcp dport 21 tcp flags & psh == psh notrack; }
  chain output { type filter hook output priority 0; ct state invalid drop; }
}
`;
    assert.match(verdicts(text), /active +works +works/, "the kernel: no-control");
  },

  "Only the data connection's first packet is sent again": () => {
    const text = `table inet t {
  chain input {
    type filter hook input priority 0;
    tcp dport 50060 ct state established ct mark != 1 ct mark set 1 drop
  }
}
`;
    assert.match(verdicts(text), /passive +blocked +blocked/, "the kernel: works");
  },

  "The last priorities are not told from confirmation": () => {
    const text = `table inet t {
  ct helper ftp { type "ftp" protocol tcp; }
  chain input { type filter hook input priority 2147483647; tcp dport 21 ct helper set "ftp"; }
  chain filter {
    type filter hook input priority 0; policy drop;
    meta l4proto ipv6-icmp accept
    ct state established,related accept
    tcp dport 21 accept
  }
}
`;
    assert.match(verdicts(text), /passive +works +works/, "the kernel: blocked");
  },

  "Some rules are not counted as using conntrack": () => {
    const text = `table inet a { chain c { type filter hook forward priority 0; ct packets > 5 accept; }; }
table inet t {
  ct helper ftp { type "ftp" protocol tcp; }
  chain p { type filter hook prerouting priority -200; tcp dport 21 ct helper set "ftp"; }
  chain i {
    type filter hook input priority 0; policy drop;
    meta l4proto ipv6-icmp accept
    ct state established,related accept
    tcp dport 21 accept
  }
}
`;
    assert.match(verdicts(text), /passive +works +works/, "the kernel: blocked");
  },

  "Some tests stay unknown although the files decide": () => {
    const text = `table inet t {
  chain input { type filter hook input priority 0; policy drop; @th,16,16 21 accept; tcp sport 1-65535 accept; }
}
`;
    assert.match(verdicts(text), /active +\S+ +unknown/, "the kernel: no-control");
  },

  "Dynamic sets never fill up": () => {
    const text = `table ip t {
  set seen { type inet_service; size 1; flags dynamic; }
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established accept
    add @seen { tcp dport } accept
  }
}
`;
    assert.match(verdicts(text), /passive +works/, "the kernel: blocked");
  },

  "Flow offload is not followed": () => {
    const text = `table ip t {
  flowtable f { hook ingress priority 0; devices = { eth0 }; }
  chain forward {
    type filter hook forward priority 0;
    ct state established flow add @f
    tcp dport 50060 ct direction original ct state established drop
  }
}
`;
    assert.match(verdicts(text, "gateway"), /passive +blocked/, "the data may pass beside the chain");
  },

  "The passive ports of a published server are not forwarded by a fix": () => {
    const text = `table ip fw {
  chain dstnat_in {
    type nat hook prerouting priority dstnat;
    iifname "wan0" tcp dport 21 dnat to 10.2.0.2
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    ip daddr 10.2.0.2 tcp dport 21 accept
  }
}
`;
    inFolder({ "a.nft": text, ".ftp-firewall.json": '{ "modes": ["passive"] }' }, (folder) => {
      const { status, stderr } = folder.run(["fix", "a.nft", "--with", "ports", "--dry-run"]);
      assert.equal(status, 1);
      assert.match(stderr, /a DNAT rule for 50000-51000 beside the one for the control port/);
    });
  },

  "A fixed segment size does not silence the finding about path MTU": () => {
    const text = `table ip t {
  ct helper ftp-std { type "ftp" protocol tcp; }
  chain helpers {
    type filter hook prerouting priority -150; policy accept;
    tcp dport 21 ct helper set "ftp-std"
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
    tcp flags syn tcp option maxseg size set 1000
    ct state established accept
    ct state related ct helper "ftp" tcp dport 1024-65535 accept
    tcp dport 21 accept
  }
}
`;
    inFolder({ "a.nft": text }, (folder) => {
      assert.match(folder.run(["check", "a.nft"]).stdout, /path-mtu-discovery-blocked/);
    });
  },

  "A client is taken to close its data connection at once": () => {
    const text = `table ip t {
  chain output {
    type filter hook output priority 0;
    tcp flags & (fin|ack) == fin|ack tcp dport != 21 drop
  }
}
`;
    assert.match(verdicts(text, "client"), /passive +blocked/, "a slow client gets its file");
  },
  "Holes behind names are not reported": () => {
    const text = `table inet t {
  set open { type inet_service; flags interval; elements = { 21, 1024-65535 } }
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    tcp dport @open accept
  }
}
`;
    inFolder({ "a.nft": text }, (folder) => {
      assert.doesNotMatch(folder.run(["check", "a.nft"]).stdout, /high-ports-open/);
    });
  },

  "DOS line ends in nftables files are not reported": () => {
    inFolder({ "a.nft": "table inet t {\r\n  chain c {\r\n  }\r\n}\r\n" }, (folder) => {
      assert.match(folder.run(["check", "a.nft"]).stdout, /No problems/);
    });
  },

  "What iptables -L prints is not followed": () => {
    const text =
      "#!/bin/sh\niptables -L -n | grep -q dpt:21 || iptables -A INPUT -p tcp --dport 21 -j ACCEPT\n";
    inFolder({ "a.sh": text }, (folder) => {
      assert.match(
        folder.run(["expand", "a.sh"]).stdout,
        /# maybe: -A INPUT -p tcp .*the output of iptables -L/,
      );
    });
  },

  "Entries of an ipset that another script has made stay unknown": () => {
    const rule = "iptables -P INPUT DROP; iptables -A INPUT -p tcp -m set --match-set ports dst -j ACCEPT";
    const files = {
      "a.sh": `#!/bin/sh\nipset create ports bitmap:port range 0-65535\n${rule}\n`,
      "b.sh": "#!/bin/sh\nipset add ports 0-65535\n",
    };
    inFolder(files, (folder) => {
      const { stdout } = folder.run(["simulate", "a.sh", "b.sh", "--role", "server"]);
      assert.match(stdout, /what the entry 0-65535 means in it/);
    });
  },
};

/** The table of verdicts that `simulate` prints for a host with this ruleset. */
function verdicts(text: string, role = "server"): string {
  let stdout = "";
  inFolder({ "a.nft": text }, (folder) => {
    stdout = folder.run(["simulate", "a.nft", "--role", role, "--passive-ports", "50060-50060"]).stdout;
  });
  return stdout;
}

for (const [name, confirm] of Object.entries(GAPS)) test(`a known gap: ${name}`, confirm);

test("the ledger of known gaps lists exactly those that are pinned here", () => {
  const ledger = readFileSync(new URL("../../docs/known-gaps.md", import.meta.url), "utf8");
  const headings = [...ledger.matchAll(/^## (.+)$/gm)].map((found) => found[1]);
  assert.deepEqual(headings, Object.keys(GAPS));
});
