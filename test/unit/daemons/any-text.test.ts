import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { serverConfigCandidates } from "../../../server/src/daemons/candidates.ts";
import { readServerConfigs } from "../../../server/src/daemons/read-server-config.ts";
import type { ConfigFile } from "../../../server/src/daemons/server-config.ts";
import { setPassivePorts } from "../../../server/src/daemons/set-passive-ports.ts";
import { numbers } from "../../../server/src/model/values.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";

const RANGE = { low: 50000, high: 50100 };

const PATHS = [
  "/etc/vsftpd.conf",
  "/etc/proftpd/proftpd.conf",
  "/etc/proftpd/conf.d/more.conf",
  "/etc/pure-ftpd.conf",
  "/etc/pure-ftpd/conf/PassivePortRange",
  "/etc/pure-ftpd/conf/Bind",
];

/** Lines of all three kinds, whole, broken and commented out. */
const PIECES = [
  ...[
    "pasv_min_port=",
    "pasv_max_port=",
    "pasv_min_port = ",
    "#pasv_max_port=",
    "pasv_enable=NO",
    "listen=YES",
  ],
  ...[
    "pasv_address=",
    "listen_ipv6=yes",
    "ssl_enable=1",
    "connect_from_port_20=YES ",
    "PassivePorts ",
    "Port ",
  ],
  ...["# PassivePorts 1 2", "<Global>", "</Global>", "<VirtualHost a>", "</VirtualHost>", "<IfModule !a>"],
  ...[
    "</IfModule>",
    "<IfClass x>",
    "<Limit ALL>",
    "</Limit>",
    "Include conf.d/*.conf",
    "Include /etc/proftpd/",
  ],
  ...[
    "TLSEngine on",
    "TLSOptions UseImplicitSSL",
    "RootRevoke ",
    "PassivePortRange ",
    "# PassivePortRange   1 2",
  ],
  ...[
    "Bind ",
    ",21",
    "TLS ",
    "ForcePassiveIP ",
    "NATmode yes",
    "30000",
    "30100",
    " 30000 30100",
    "0777",
    "-1",
  ],
  ...["1.2.3.4", "::1", " ", "\t", "\n", "\r\n", "\\\n", "\\", '"', "#", "=", ":", ">", "\0", "\ufeff"],
];
const text = fc
  .array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...PIECES, "\n", "\n", "\n") }, fc.string()), {
    maxLength: 24,
  })
  .map((pieces) => pieces.join(""));
const file: fc.Arbitrary<ConfigFile> = fc.record({ path: fc.constantFrom(...PATHS), text });

test("any texts can be read, and every span lies in its file", () => {
  fc.assert(
    fc.property(fc.uniqueArray(file, { selector: (one) => one.path, maxLength: 4 }), (files) => {
      for (const config of readServerConfigs(files)) {
        const facts = config.servers.flatMap((server) =>
          Object.values(server).flatMap((fact) => (typeof fact === "object" ? fact.places : [])),
        );
        const spans = [
          ...facts.flatMap(({ path, line, value }) => [
            { path, span: line },
            { path, span: value },
          ]),
          ...config.problems,
        ];
        for (const { path, span } of spans) {
          const { length } = files.find((one) => one.path === path)!.text;
          assert.ok(0 <= span.start && span.start <= span.end && span.end <= length, path);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test("edits make the text say the range, leave the other lines alone and are not needed twice", () => {
  fc.assert(
    fc.property(file, (before) => {
      const edits = setPassivePorts(before, RANGE);
      if (!edits) return;
      const after = { ...before, text: applyEdits(before.text, edits) };
      assert.deepEqual(setPassivePorts(after, RANGE), []);
      if (!isOption(before) && !isContinued(before)) assert.deepEqual(otherLines(after), otherLines(before));
      const [config] = readServerConfigs([after]);
      for (const { passivePorts } of config?.servers ?? [])
        assert.ok(passivePorts.value.isEmpty || passivePorts.value.equals(numbers(50000, 50100)));
    }),
    { numRuns: 2000 },
  );
});

/** The whole file is the range. */
function isOption({ path }: ConfigFile): boolean {
  return path.startsWith("/etc/pure-ftpd/conf/");
}

/** A directive may stand on several lines, which become one. */
function isContinued({ path, text }: ConfigFile): boolean {
  return path.includes("proftpd") && text.includes("\\\n");
}

/** Lines that say nothing of passive ports: none of them may change. */
function otherLines({ text }: ConfigFile): string[] {
  const telling = /pasv_m|passiveport|^\s*[-\d]/i;
  const lines = text.split("\n");
  const kept = lines.filter(
    (line) => line !== "" && !telling.test(line) && !/^\s*<\/?global>\s*$/i.test(line),
  );
  return kept.map((line) => line.replace(/\r$/, ""));
}

test("any path has candidates", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom("/", "", "\\", "a://", "etc/")),
      (path) => {
        assert.ok(serverConfigCandidates(path).every((one) => typeof one === "string"));
      },
    ),
  );
});

test("a long text does not take long", () => {
  const lines = 5_000;
  const started = performance.now();
  for (const [path, line] of [
    ["/etc/vsftpd.conf", "#pasv_min_port=1\npasv_min_port=1\n"],
    ["/etc/proftpd/proftpd.conf", "<Global>\n# PassivePorts 1 2\nPassivePorts 1 2\n</Global>\n"],
    [
      "/etc/proftpd/proftpd.conf",
      "<VirtualHost a>\n# PassivePorts 1 2\nPort 21\n</VirtualHost>\nUmask 022\n",
    ],
    ["/etc/proftpd/proftpd.conf", "<Global>\nPort 21\n"],
    ["/etc/pure-ftpd.conf", "# PassivePortRange 1 2\nPassivePortRange 1 2\n"],
  ] as const) {
    const long = { path, text: line.repeat(lines) };
    readServerConfigs([long]);
    setPassivePorts(long, RANGE);
  }
  assert.ok(performance.now() - started < 10_000);
});
