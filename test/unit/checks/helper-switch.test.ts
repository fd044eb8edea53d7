import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_SETTINGS, Service, type SourceFile } from "../../../server/src/service.ts";

const service = new Service();

const script = (text: string): SourceFile[] => [{ path: "fw.sh", text, dialect: "shell", family: 4 }];

/** Each diagnostic with the lines to which it points because of what scripts tell the kernel. */
function found(text: string, settings = DEFAULT_SETTINGS): string[] {
  return service.analyse(script(text), { settings }).diagnostics.map(({ severity, code, related }) => {
    const lines = related
      .filter(({ message }) => /since Linux 4\.7|Linux 6\.0/.test(message))
      .map(({ place }) => text.slice(place.span.start, place.span.end));
    return [`${severity} ${code}`, ...lines].join(" <- ");
  });
}

const fixed = (text: string) => service.fixAll(script(text), { strategy: "helper" }).files[0]!.text;

const SWITCH = "sysctl -w net.netfilter.nf_conntrack_helper=1";
const LOGIN = "iptables -P INPUT DROP\niptables -A INPUT -p tcp --dport 21 -j ACCEPT\n";
const RELATED = `${LOGIN}iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\n`;
const ESTABLISHED = `${LOGIN}iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n`;
const RULE = "iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp\n";

test("where no rule assigns the helper, the lines that were to do it explain why FTP fails, and are not said twice", () => {
  const modules = "for m in ip_conntrack ip_conntrack_ftp ip_nat_ftp; do modprobe $m; done";
  const related = `modprobe $m <- ${SWITCH}`;
  assert.deepEqual(found(`${modules}\n${SWITCH}\n${RELATED}`), [`warning helper-not-assigned <- ${related}`]);
  assert.deepEqual(found(`${modules}\n${SWITCH}\n${ESTABLISHED}`), [
    `warning passive-data-blocked <- ${related}`,
  ]);
});

test("where FTP fails for another reason than a missing assignment, nothing points to them", () => {
  assert.deepEqual(found(`modprobe nf_conntrack_ftp\n${RULE}${ESTABLISHED}`), [
    "warning passive-data-blocked",
  ]);
});

test("loading the modules is never a finding", () => {
  assert.deepEqual(found(`modprobe nf_conntrack_ftp\nmodprobe nf_nat_ftp\n${RULE}${RELATED}`), []);
});

test("helper: automatic says that the kernel has the switch", () => {
  const settings = { ...DEFAULT_SETTINGS, helper: "automatic" } as const;
  assert.deepEqual(found(`${SWITCH}\n${RELATED}`, settings), []);
  assert.deepEqual(found(`${SWITCH}\n${RULE}${RELATED}`, settings), []);
});

test("the rule that is put in takes the switch's place; a second fix changes nothing", () => {
  const after = fixed(`modprobe nf_nat_ftp\n${SWITCH}\n${RELATED}`);
  assert.match(after, /^modprobe nf_nat_ftp\niptables -P INPUT DROP\n/);
  assert.match(after, /--helper ftp/);
  assert.deepEqual(found(after), []);
  assert.equal(fixed(after), after);
});

for (const [name, before, after] of [
  ["whole lines with their comment", `  ${SWITCH} # old kernels\n`, ""],
  ["a command before others on its line", `${SWITCH}; date\n`, "date\n"],
  ["a command behind others on its line", `date; ${SWITCH}\n`, "date\n"],
  ["what asks for it first", `[ -e /proc/x ] && ${SWITCH} > /dev/null || true\n`, ""],
  ["both sides of a pipe", "echo 1 | tee /proc/sys/net/netfilter/nf_conntrack_helper\n", ""],
  ["a command over two lines", "sysctl -w \\\n  net.netfilter.nf_conntrack_helper=1\n", ""],
  ["one of several settings", `sysctl -w a.b=1 ${SWITCH.slice(10)} c=2\n`, "sysctl -w a.b=1 c=2\n"],
  ["in a branch with more", `if true; then\n  ${SWITCH}\n  date\nfi\n`, "if true; then\n  date\nfi\n"],
  ["in a case", `case x in x)\n  ${SWITCH}\n  ;;\nesac\n`, "case x in x)\n  ;;\nesac\n"],
] as const) {
  test(`taken out: ${name}`, () =>
    assert.equal(fixed(`${before}${RULE}${RELATED}`), `${after}${RULE}${RELATED}`));
}

for (const [name, text, reason] of [
  ["alone in a branch", `if true; then ${SWITCH}; fi\n`, /only command of its block/],
  ["alone in a function", `f() {\n  ${SWITCH}\n}\nf\n`, /only command of its block/],
  ["alone in a loop", `for x in 1 2; do\n  ${SWITCH}\ndone\n`, /only command of its block/],
  ["on which others depend", `${SWITCH} && modprobe x\n`, /part of a longer command/],
  ["whose outcome is written down", `${SWITCH} || echo old >> /tmp/kernel\n`, /part of a longer command/],
  [
    "that reads a here document",
    `tee ${"/proc/sys/net/netfilter/nf_conntrack_helper"} <<E\n1\nE\n`,
    /longer/,
  ],
  ["in a variable", `S=${SWITCH.slice(10)}\nsysctl -w $S\n`, /left to you/],
] as const) {
  test(`left where it is: a switch ${name}`, () => {
    const { files, remaining } = service.fixAll(script(`${text}${RULE}${RELATED}`), { strategy: "helper" });
    assert.equal(files[0]!.text, `${text}${RULE}${RELATED}`);
    assert.deepEqual(
      remaining.map(({ diagnostic }) => diagnostic.code),
      ["helper-switch-without-effect"],
    );
    assert.match(remaining[0]!.reason, reason);
  });
}
