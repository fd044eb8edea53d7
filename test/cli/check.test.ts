import assert from "node:assert/strict";
import { test } from "node:test";
import { BROKEN_NFT, BROKEN_SCRIPT, BROKEN_V4, BROKEN_V6, inFolder, WORKING_NFT } from "./cli.ts";

interface Range {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

interface CheckDocument {
  readonly version: number;
  readonly files: readonly {
    readonly path: string;
    readonly dialect: string;
    readonly diagnostics: readonly {
      readonly code: string;
      readonly severity: string;
      readonly refused: boolean;
      readonly message: string;
      readonly range: Range;
      readonly assumed?: string;
      readonly related: readonly { readonly message: string; readonly path: string; readonly range: Range }[];
      readonly fixes: readonly {
        readonly title: string;
        readonly kind: string;
        readonly preferred: boolean;
        readonly edits: readonly { readonly path: string; readonly range: Range; readonly newText: string }[];
      }[];
    }[];
    readonly sessions: readonly Session[];
  }[];
}

interface Session {
  readonly role: string;
  readonly mode: string;
  readonly family: string;
  readonly verdict: string;
  readonly clients: unknown;
  readonly passivePorts?: unknown;
  readonly dataPorts?: unknown;
  readonly reason?: string;
  readonly at?: { readonly path: string; readonly range: Range };
  readonly assumed?: string;
}

function range(line: number, from: number, to: number): Range {
  return { start: { line, character: from }, end: { line, character: to } };
}

test("JSON: the contract's shape, for a ruleset that lets nothing but port 21 in", () => {
  inFolder({ "rules.v4": BROKEN_V4 }, (folder) => {
    const { status, document } = folder.json<CheckDocument>(["check", "rules.v4"]);
    assert.equal(status, 1);
    assert.equal(document.version, 1);
    const [file, ...others] = document.files;
    assert.deepEqual(others, []);
    assert.equal(file!.path, "rules.v4");
    assert.equal(file!.dialect, "iptables-save");

    const [finding, ...more] = file!.diagnostics;
    assert.deepEqual(more, []);
    const { code, severity, refused, message, range: where, related, fixes, assumed } = finding!;
    assert.deepEqual(
      { code, severity, refused, assumed },
      {
        code: "helper-not-assigned",
        severity: "warning",
        refused: false,
        assumed: undefined,
      },
    );
    assert.match(message, /^Passive FTP/);
    assert.deepEqual(where, range(5, 0, 43));
    assert.deepEqual(
      related.map((one) => [one.path, one.range]),
      [["rules.v4", range(1, 0, 17)]],
    );
    assert.deepEqual(
      fixes.map(({ title, kind, preferred }) => ({ title, kind, preferred })),
      [
        { title: "Track FTP with the conntrack helper", kind: "helper", preferred: true },
        {
          title: "Open the data ports (50000-51000; the server has to be pinned to them)",
          kind: "ports",
          preferred: false,
        },
      ],
    );
    const [edit] = fixes[0]!.edits;
    assert.deepEqual([edit!.path, edit!.range], ["rules.v4", range(0, 0, 0)]);
    assert.match(edit!.newText, /^\*raw\n[\s\S]*--helper ftp\nCOMMIT\n$/);

    const { sessions } = file!;
    assert.deepEqual(
      sessions.map(({ role, mode, family, verdict, clients, passivePorts, dataPorts }) => ({
        role,
        mode,
        family,
        verdict,
        clients,
        passivePorts,
        dataPorts,
      })),
      [
        {
          role: "server",
          mode: "active",
          family: "ipv4",
          verdict: "works",
          clients: "any",
          passivePorts: undefined,
          dataPorts: [{ sourcePorts: [[20, 20]], clientPorts: [[1024, 65535]] }],
        },
        {
          role: "server",
          mode: "passive",
          family: "ipv4",
          verdict: "blocked",
          clients: "any",
          passivePorts: [],
          dataPorts: undefined,
        },
      ],
    );
    assert.equal(sessions[1]!.reason, "policy drop of chain INPUT");
    assert.deepEqual(sessions[1]!.at, { path: "rules.v4", range: range(1, 0, 17) });
    assert.deepEqual(Object.keys(sessions[0]!).sort(), [
      "clients",
      "dataPorts",
      "family",
      "mode",
      "role",
      "verdict",
    ]);
  });
});

test("JSON: the passive ports that pass, and clients that differ", () => {
  const text = WORKING_NFT.replace(
    "tcp dport { 21, 50000-51000 } accept",
    "tcp dport 21 accept\n    ip saddr 192.0.2.0/24 tcp dport 50000-51000 accept",
  );
  inFolder({ "a.nft": text }, (folder) => {
    const { document } = folder.json<CheckDocument>(["check", "a.nft"]);
    const passive = document.files[0]!.sessions.filter(
      ({ mode, family }) => mode === "passive" && family === "ipv4",
    );
    const works = passive.filter(({ verdict }) => verdict === "works");
    assert.deepEqual(
      works.map(({ clients, passivePorts }) => [clients, passivePorts]),
      [[["192.0.2.0/24"], [[50000, 51000]]]],
    );
    const blocked = passive.filter(({ verdict }) => verdict === "blocked");
    assert.equal(blocked.length, 1);
    assert.ok((blocked[0]!.clients as string[]).includes("192.0.3.0-223.255.255.255"));
  });
});

test("JSON: a fragment without a policy is judged as default-deny and says so", () => {
  inFolder({ "iptables.rules": "*filter\n-A INPUT -p tcp --dport 21 -j ACCEPT\nCOMMIT\n" }, (folder) => {
    const { document } = folder.json<CheckDocument>(["check", "iptables.rules"]);
    const [file] = document.files;
    assert.ok(file!.diagnostics.length > 0);
    for (const one of file!.diagnostics) assert.equal(one.assumed, "default-deny");
    assert.ok(file!.sessions.some((one) => one.assumed === "default-deny"));
  });
});

test("twins are one host: each file has the sessions and findings of its own IP version", () => {
  inFolder({ "rules.v4": BROKEN_V4, "rules.v6": BROKEN_V6, "other.nft": WORKING_NFT }, (folder) => {
    const { document } = folder.json<CheckDocument>(["check", "."]);
    const shown = document.files.map(({ path, diagnostics, sessions }) => [
      path,
      diagnostics.length,
      [...new Set(sessions.map(({ family }) => family))].join(),
    ]);
    assert.deepEqual(shown, [
      ["other.nft", 1, "ipv4,ipv6"],
      ["rules.v4", 1, "ipv4"],
      ["rules.v6", 1, "ipv6"],
    ]);
  });
});

test("text: place, severity, code and message; the line underlined; what stops it; the fixes; a summary", () => {
  inFolder({ "a.nft": BROKEN_NFT }, (folder) => {
    const { status, stdout, stderr } = folder.run(["check", "a.nft"]);
    assert.equal(stderr, "");
    assert.equal(status, 1);
    const [head, ...rest] = stdout.split("\n");
    assert.match(head!, /^a\.nft:6:5 warning helper-not-assigned: Passive FTP/);
    assert.deepEqual(rest, [
      "        tcp dport 21 accept",
      "        ^^^^^^^^^^^^^^^^^^^",
      "    a.nft:3:40 The data connection is dropped here, by the policy of chain input.",
      "    fix: Track FTP with the conntrack helper",
      "    fix: Open the data ports (50000-51000; the server has to be pinned to them)",
      "",
      "1 problem (1 warning) in 1 file.",
      "",
    ]);
  });
});

test("text: nothing to say", () => {
  const files = { "a.nft": WORKING_NFT, "vsftpd.conf": SERVER_CONFIG };
  inFolder(files, (folder) => {
    assert.deepEqual(folder.run(["check", "a.nft"]), {
      status: 0,
      stdout: "No problems in 1 file.\n",
      stderr: "",
    });
  });
});

const SERVER_CONFIG = "listen_ipv6=YES\npasv_min_port=50000\npasv_max_port=51000\n";

test("the server's configuration beside the rules, or named, is part of the picture", () => {
  const other = SERVER_CONFIG.replace("51000", "52000");
  inFolder(
    { "etc/nftables.conf": WORKING_NFT, "etc/vsftpd.conf": other, "my.conf": SERVER_CONFIG },
    (folder) => {
      const codes = (...options: string[]) =>
        folder
          .json<CheckDocument>(["check", "etc/nftables.conf", ...options])
          .document.files.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
      assert.deepEqual(codes(), ["passive-range-mismatch"]);
      assert.deepEqual(codes("--server-config", "my.conf"), []);
      assert.deepEqual(codes("my.conf"), [], "recognised among the files");
      const { stdout } = folder.run(["check", "etc/nftables.conf"]);
      assert.match(stdout, /etc\/vsftpd\.conf:2:1 The server's passive ports are set here/);
      assert.match(
        stdout,
        /fix: Open 50000-52000, .*instead of 50000-51000\n.*fix: Set the passive ports of vsftpd/,
      );
      const { status, stderr } = folder.run(["check", "etc/nftables.conf", "--server-config", "none.conf"]);
      assert.equal(status, 2);
      assert.match(stderr, /^ftp-firewall: none\.conf: cannot read it/);
    },
  );
});

test("a server's configuration that it refuses is a finding in that file", () => {
  inFolder({ "a.nft": WORKING_NFT, "vsftpd.conf": `${SERVER_CONFIG}pasv_enable = YES\n` }, (folder) => {
    const { stdout } = folder.run(["check", "a.nft"]);
    assert.match(stdout, /^vsftpd\.conf:4:1 error server-configuration: .*does not start with it/);
  });
});

test("text: what could steer a terminal is not printed", () => {
  inFolder(
    { "a.nft": 'table inet t {\n  chain c {\n    tcp dport 99999 accept comment "\u001b[31m"\n  }\n}\n' },
    (folder) => {
      const { stdout } = folder.run(["check", "a.nft"]);
      assert.ok(!stdout.includes("\u001b"), stdout);
    },
  );
});

test("exit status: --fail-on draws the line", () => {
  inFolder(
    { "a.nft": BROKEN_NFT, "b.nft": "table inet t { chain c { tcp dport 99999 accept; }; }\n" },
    (folder) => {
      const status = (...args: string[]) => folder.run(["check", ...args]).status;
      assert.equal(status("a.nft"), 1);
      assert.equal(status("a.nft", "--fail-on", "info"), 1);
      assert.equal(status("a.nft", "--fail-on", "error"), 0);
      assert.equal(status("b.nft", "--fail-on", "error"), 1);
      assert.equal(status("b.nft", "--fail-on", "never"), 0);
    },
  );
});

test("exit status 2 and one line on standard error for usage and I/O errors", () => {
  inFolder({ "a.nft": WORKING_NFT, "notes.txt": "nothing\n" }, (folder) => {
    const lines: Record<string, string[]> = {
      "nope.nft: cannot read it: no such file or folder": ["check", "nope.nft"],
      "notes.txt: it looks like none of the files": ["check", "notes.txt"],
      "check needs a file": ["check"],
      "unknown option '--wrong'": ["check", "--wrong", "a.nft"],
      "option '--format <format>' argument 'xml' is invalid": ["check", "--format", "xml", "a.nft"],
      "option '--passive-ports <A-B>' argument '51000-50000' is invalid": [
        "check",
        "--passive-ports",
        "51000-50000",
        "a.nft",
      ],
      "option '--modes <modes>' argument 'both' is invalid": ["check", "--modes", "both", "a.nft"],
      "unknown command 'chek' (Did you mean check?)": ["chek"],
      "say what to do": [],
    };
    for (const [line, args] of Object.entries(lines)) {
      const { status, stdout, stderr } = folder.run(args);
      assert.equal(status, 2, args.join(" "));
      assert.ok(stderr.startsWith(`ftp-firewall: ${line}`), `${args.join(" ")}: ${stderr}`);
      assert.equal(stderr.split("\n").length, 2, stderr);
      assert.equal(stdout, "");
    }
  });
});

test("a file that cannot be read does not keep the others from being checked", () => {
  inFolder({ "a.nft": BROKEN_NFT }, (folder) => {
    const { status, stdout, stderr } = folder.run(["check", "nope.nft", "a.nft"]);
    assert.equal(status, 2);
    assert.match(stdout, /helper-not-assigned/);
    assert.match(stderr, /^ftp-firewall: nope\.nft: [^\n]*\n$/);
  });
});

test("standard input: by its name, by its content, or as told", () => {
  inFolder({}, (folder) => {
    const named = folder.json<CheckDocument>(["check", "-", "--stdin-filename", "etc/rules.v6"], {
      input: BROKEN_V6,
    });
    assert.deepEqual(
      named.document.files.map(({ path, dialect, sessions }) => [path, dialect, sessions[0]?.family]),
      [["etc/rules.v6", "iptables-save", "ipv6"]],
    );
    const told = folder.json<CheckDocument>(["check", "-", "--dialect", "shell"], { input: BROKEN_SCRIPT });
    assert.deepEqual(
      told.document.files.map(({ path, dialect, diagnostics }) => [path, dialect, diagnostics.length]),
      [["-", "shell", 1]],
    );
    const seen = folder.json<CheckDocument>(["check", "-"], { input: BROKEN_NFT });
    assert.equal(seen.document.files[0]!.dialect, "nft");
    assert.match(
      folder.run(["check", "-"], { input: "hello\n" }).stderr,
      /^ftp-firewall: standard input: .*--dialect/,
    );
  });
});

test("folders: recognised files, recursively, without node_modules and .git", () => {
  const files = {
    "etc/nftables.conf": WORKING_NFT,
    "etc/deep/er/firewall.sh": BROKEN_SCRIPT,
    "etc/deep/backup.sh": "#!/bin/sh\ntar cf - /\n",
    "etc/readme.txt": "port 21",
    "node_modules/x/rules.v4": BROKEN_V4,
    ".git/rules.v4": BROKEN_V4,
  };
  inFolder(files, (folder) => {
    const { document } = folder.json<CheckDocument>(["check", "."]);
    assert.deepEqual(
      document.files.map(({ path }) => path),
      ["etc/deep/er/firewall.sh", "etc/nftables.conf"],
    );
  });
});

test("--family says what an iptables file is for where its name does not", () => {
  inFolder({ "iptables-save.txt": BROKEN_V6 }, (folder) => {
    const families = (...args: string[]) =>
      folder
        .json<CheckDocument>(["check", "iptables-save.txt", ...args])
        .document.files[0]!.sessions.map(({ family }) => family)
        .filter((family, i, all) => all.indexOf(family) === i);
    assert.deepEqual(families(), ["ipv4"]);
    assert.deepEqual(families("--family", "ipv6"), ["ipv6"]);
  });
});

test("settings: the nearest .ftp-firewall.json, --config instead of it, options above both", () => {
  const off = JSON.stringify({ checks: { "helper-not-assigned": "off" } });
  const files = {
    "etc/a.nft": BROKEN_NFT,
    ".ftp-firewall.json": off,
    "other.json": '{"helper":"automatic"}',
  };
  inFolder(files, (folder) => {
    const codes = (...args: string[]) =>
      folder
        .json<CheckDocument>(["check", "etc/a.nft", ...args])
        .document.files[0]!.diagnostics.map(({ code }) => code);
    assert.deepEqual(codes(), []);
    assert.deepEqual(codes("--config", "other.json"), []);
    assert.deepEqual(codes("--config", "other.json", "--helper", "explicit"), ["helper-not-assigned"]);
    folder.write("etc/.ftp-firewall.json", "{}");
    assert.deepEqual(codes(), ["helper-not-assigned"]);
    assert.deepEqual(codes("--modes", "active"), []);
    folder.write("etc/.ftp-firewall.json", '{"passivePorts": 5}');
    const { status, stderr } = folder.run(["check", "etc/a.nft"]);
    assert.equal(status, 2);
    assert.match(stderr, /\.ftp-firewall\.json: passivePorts has to be “auto” or a range/);
    assert.match(
      folder.run(["check", "etc/a.nft", "--config", "none.json"]).stderr,
      /none\.json: cannot read/,
    );
  });
});

test("--passive-ports: the whole range has to pass", () => {
  inFolder({ "a.nft": WORKING_NFT }, (folder) => {
    assert.equal(folder.run(["check", "a.nft", "--passive-ports", "50000-50100"]).status, 0);
    const wider = folder.run(["check", "a.nft", "--passive-ports", "49000-50100"]);
    assert.equal(wider.status, 1);
    assert.match(wider.stdout, /passive-data-blocked|helper-not-assigned/);
  });
});

test("includes are read beside the file and in the current folder, not elsewhere", () => {
  const files = {
    "work/main.nft": 'include "./part.nft"\ninclude "../outside.nft"\n',
    "work/part.nft": "table inet a { chain c { tcp dport 99999 accept; }; }\n",
    "outside.nft": "table inet b { chain c { tcp dport 99999 accept; }; }\n",
  };
  inFolder(files, (folder) => {
    const paths = (cwd: string, path: string) =>
      folder.json<CheckDocument>(["check", path], { cwd }).document.files.map((file) => file.path);
    assert.deepEqual(paths("work", "main.nft"), ["main.nft", "part.nft"]);
    assert.deepEqual(paths(".", "work/main.nft"), ["work/main.nft", "outside.nft", "work/part.nft"]);
  });
});

test("a byte-order mark and wide characters: LSP's columns", () => {
  const line = '-A INPUT -m comment --comment "Grüße 😀" -p tcp --dport 99999 -j ACCEPT';
  inFolder({ "rules.v4": `\ufeff*filter\n${line}\nCOMMIT\n`, "b.nft": "\ufeffbogus\n" }, (folder) => {
    const { document } = folder.json<CheckDocument>(["check", "rules.v4", "b.nft"]);
    const [save, nft] = document.files;
    const at = line.indexOf("99999");
    assert.deepEqual(
      save!.diagnostics.map((one) => one.range).filter(({ start }) => start.line === 1),
      [range(1, at, at + 5)],
    );
    for (const { range: where } of nft!.diagnostics)
      assert.ok(where.end.character <= 5, JSON.stringify(where));
  });
});

test("the program's help and version", () => {
  inFolder({}, (folder) => {
    const help = folder.run(["--help"]);
    assert.equal(help.status, 0);
    for (const command of ["check", "fix", "simulate", "explain"])
      assert.match(help.stdout, new RegExp(`^  ${command} `, "m"));
    assert.match(folder.run(["--version"]).stdout, /^\d+\.\d+\.\d+\n$/);
  });
});

test("what is not decided for want of a variable says how to state it", () => {
  const text =
    '#!/bin/sh\niptables -P INPUT DROP\niptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT\niptables -A INPUT -p tcp --dport 21 -j ACCEPT\n[ "$USE_FTP" = yes ] && iptables -A INPUT -p tcp --dport 50000:50100 -j ACCEPT\n';
  inFolder({ "fw.sh": text }, (folder) => {
    assert.match(
      folder.run(["check", "fw.sh"]).stdout,
      /depends on the environment variable USE_FTP\. Say what it is in the script: # ftp-firewall: assume USE_FTP=value/,
    );
  });
});
