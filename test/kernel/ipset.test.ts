import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { IPSET_CASES, type IpsetCase } from "./ipset-cases.ts";

const skip = unavailable();
if (skip !== undefined && process.env.CI === "true") throw new Error(`SKIPPED: ${skip}`);

function unavailable(): string | undefined {
  const tried = spawnSync("unshare", ["-n", "ipset", "create", "try", "hash:ip"], { encoding: "utf8" });
  if (tried.status === 0) return undefined;
  return `no ipset on this machine: ${tried.stderr?.trim() || tried.error?.message}`;
}

/** Runs the commands in a network of their own, and says for each packet whether the rule counted it. */
function measured({ commands, match, holds, lacks }: IpsetCase): string {
  const packets = [...holds, ...lacks];
  const script = [
    "ip link set lo up",
    ...commands.split("\n").map((line) => {
      const refused = line.startsWith("! ");
      const command = `ipset ${refused ? line.slice(2) : line}`;
      return refused
        ? `${command} 2>/dev/null && echo "accepted: ${line}"`
        : `${command} || echo "refused: ${line}"`;
    }),
    ...packets.flatMap((packet, i) => {
      const [protocol, address, port] = packet.split(" ");
      const tool = address!.includes(":") ? "ip6tables" : "iptables";
      return [
        `${tool} -F OUTPUT; ${tool} -A OUTPUT -p ${protocol} --dport ${port} ${match}`,
        `echo x 2>/dev/null >/dev/${protocol}/${address}/${port}`,
        `${tool} -nvxL OUTPUT | awk -v p=${i} 'NR == 3 { print p, ($1 > 0 ? "holds" : "lacks") }'`,
      ];
    }),
  ].join("\n");
  const { stdout, stderr } = spawnSync("unshare", ["-n", "bash"], { input: script, encoding: "utf8" });
  const complaints = stderr.replace(/^.*(?:\/dev\/|Connection refused).*\n/gm, "");
  return stdout.replace(/^\d+/gm, (index) => packets[Number(index)]!) + complaints;
}

for (const one of IPSET_CASES)
  test(`the kernel's answer: ${one.commands.replaceAll("\n", "; ")}: ${one.match}`, { skip }, () => {
    const expected = [
      ...one.holds.map((packet) => `${packet} holds`),
      ...one.lacks.map((packet) => `${packet} lacks`),
    ];
    assert.deepEqual(measured(one).trimEnd().split("\n"), expected);
  });
