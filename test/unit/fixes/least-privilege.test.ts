import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_SETTINGS, Service, type Settings, type Strategy } from "../../../server/src/service.ts";

// A fix that would take something from other sessions, or give something to other hosts, is not made.

function fixed(lines: readonly string[], strategy: Strategy, given: Partial<Settings> = {}) {
  const text = [...lines, "COMMIT", ""].join("\n");
  const settings = { ...DEFAULT_SETTINGS, ...given };
  const { files, remaining } = new Service().fixAll(
    [{ path: "rules.v4", text, dialect: "iptables-save", family: 4 }],
    { strategy, settings },
  );
  return { before: text, text: files[0]!.text, reasons: remaining.map(({ reason }) => reason).join("\n") };
}

const ANSWERS = "-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT";

test("a helper that serves another network keeps its port: the published one gets a rule of its own", () => {
  const { text } = fixed(
    [
      "*raw",
      ":PREROUTING ACCEPT [0:0]",
      "-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp",
      "COMMIT",
      "*nat",
      ":PREROUTING ACCEPT [0:0]",
      ":POSTROUTING ACCEPT [0:0]",
      "-A PREROUTING -i eth0 -p tcp -m tcp --dport 2121 -j DNAT --to-destination 192.168.1.10:21",
      "-A POSTROUTING -o eth0 -j MASQUERADE",
      "COMMIT",
      "*filter",
      ":INPUT DROP [0:0]",
      ":FORWARD DROP [0:0]",
      ":OUTPUT ACCEPT [0:0]",
      "-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
      "-A FORWARD -i eth1 -o eth0 -p tcp -m tcp --dport 21 -j ACCEPT",
      "-A FORWARD -d 192.168.1.10/32 -i eth0 -p tcp -m tcp --dport 21 -j ACCEPT",
    ],
    "helper",
  );
  assert.match(text, /--dport 21 -j CT --helper ftp/);
  assert.match(text, /--dport 2121 -j CT --helper ftp/);
});

test("what passed for certain does not come to depend on the port", () => {
  const hole = "-A INPUT -p tcp --sport 20 -j ACCEPT";
  const { text, reasons } = fixed(
    ["*filter", ":INPUT DROP [0:0]", ":OUTPUT ACCEPT [0:0]", ANSWERS.replace(",RELATED", "")].concat([
      "-A INPUT -p tcp --dport 21 -j ACCEPT",
      hole,
    ]),
    "ports",
  );
  assert.ok(text.includes(hole));
  assert.match(reasons, /would depend on the client's port of the data connection/);
});

test("where no rule means FTP to pass, no answers are let out", () => {
  const { before, text } = fixed(
    ["*filter", ":INPUT ACCEPT [0:0]", ":OUTPUT DROP [0:0]", "-A OUTPUT -p udp --dport 53 -j ACCEPT"],
    "helper",
    { roles: ["server"] },
  );
  assert.equal(text, before);
});

test("in a fragment as well opened ports let in nobody who is kept from port 21", () => {
  const { before, text, reasons } = fixed(
    [
      "*filter",
      ":ufw-user-input - [0:0]",
      "-A ufw-user-input -s 192.0.2.1 -p tcp --dport 21 -j DROP",
      "-A ufw-user-input -p tcp --dport 21 -j ACCEPT",
    ],
    "ports",
  );
  assert.equal(text, before);
  assert.match(reasons, /would also let in hosts that other rules keep from the control port/);
});
