import type { SessionCase } from "../ftp/judgement.ts";
import type { Origin } from "../text/origin.ts";
import { absoluteSpan } from "../text/origin.ts";
import type { Check, CheckContext, Finding } from "./check.ts";

const id = "forwarding-switched-off";

/** Rules let FTP through a gateway, and a script leaves the kernel's forwarding off. */
export const forwardingSwitchedOff: Check = {
  id,
  severity: "warning",
  title: "Rules let FTP be forwarded, but a script leaves forwarding switched off",
  repair: "none",
  run: (context) => [...concerned(context)].map(([, found]) => finding(found)),
};

interface Found {
  readonly origin: Origin;
  readonly cases: SessionCase[];
}

/** By the command that switches it off. */
function concerned({ host, cases }: CheckContext): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const one of cases) {
    const origin = one.role === "gateway" ? host.ruleset.host?.forwardingOff[one.family] : undefined;
    if (origin === undefined) continue;
    const key = `${origin.file} ${absoluteSpan(origin).start}`;
    const before = found.get(key) ?? { origin, cases: [] };
    before.cases.push(one);
    found.set(key, before);
  }
  return found;
}

function finding({ origin, cases }: Found): Finding {
  const families = [...new Set(cases.map(({ family }) => `IPv${family}`))].sort().join(" and ");
  const rule = cases.flatMap(({ anchors }) => anchors)[0];
  return {
    code: id,
    severity: "warning",
    message: `Forwarding of ${families} is off from here on, and nothing switches it on again: the kernel drops what is to be sent on before any rule of FORWARD sees it, FTP too. Write 1 where the rules are in place, or leave the setting alone.`,
    origin,
    related: rule ? [{ message: "This rule lets FTP through", origin: rule.origin }] : [],
    cases: [],
  };
}
