import type { Case } from "./cases.ts";
import { judge } from "./comparison.ts";
import { askKernel } from "./suite.ts";

/** Scripts that set the gateway's forwarding; the rules are the same. */
const cases: readonly Case[] = [
  {
    files: ["forwarding-off.sh"],
    on: "gateway",
    ipv4: ["no-control", "no-control"],
    ipv6: ["works", "works"],
  },
  { files: ["forwarding-off-and-on.sh"], on: "gateway", ipv4: ["works", "works"], ipv6: ["works", "works"] },
];

askKernel("forwarding as a script leaves it", cases, ({ files }) => files.join(" + "), judge);
