import { spawnSync } from "node:child_process";
import type { Case } from "./cases.ts";
import { judge } from "./comparison.ts";
import { askKernel } from "./suite.ts";

const hasIpset = spawnSync("ipset", ["--version"]).status === 0;
if (!hasIpset) {
  if (process.env.CI === "true") throw new Error("in CI ipset has to be there");
  console.error("SKIPPED: no ipset on this machine; scripts that fill sets are not tried");
}

const works = "works";
const blocked = "blocked";
const noControl = "no-control";

/** Scripts that do more than load rules: they set the gateway's forwarding, they fill ipsets. */
const cases: readonly Case[] = [
  { files: ["forwarding-off.sh"], on: "gateway", ipv4: [noControl, noControl], ipv6: [works, works] },
  { files: ["forwarding-off-and-on.sh"], on: "gateway", ipv4: [works, works], ipv6: [works, works] },
  { files: ["ipset-tracked.sh"], on: "server", ipv4: [works, works], ipv6: [works, works] },
  {
    files: ["ipset-ports.sh"],
    declines: ["ports"],
    on: "server",
    ipv4: [works, blocked],
    ipv6: [works, blocked],
  },
  { files: ["ipset-nomatch.sh"], on: "server", ipv4: [noControl, noControl], ipv6: [works, works] },
];

askKernel(
  "what scripts do besides the rules",
  cases.filter(({ files }) => hasIpset || !files.some((file) => file.startsWith("ipset"))),
  ({ files }) => files.join(" + "),
  judge,
);
