import type { TableId } from "../../model/ruleset.ts";
import type { Command } from "../../syntax/shell/shell-file.ts";
import { iptablesTable } from "../iptables/tables.ts";
import type { Interpreter } from "./interpreter.ts";
import { type Field, known } from "./value.ts";

/** Services that put a ruleset into the kernel, and take it out; by the tables that iptables' ones keep. */
const SERVICES: Readonly<Record<string, "ip" | "ip6" | "both" | "all">> = {
  iptables: "ip",
  ip6tables: "ip6",
  "netfilter-persistent": "both",
  "iptables-persistent": "both",
  nftables: "all",
  ufw: "all",
  firewalld: "all",
  shorewall: "all",
  ferm: "all",
};
const CHANGES = /^(?:stop|start|restart|reload|try-restart|condrestart|force-reload|panic|flush)$/;

/** No variable of the shell has a blank in its name. */
const SAVED = "rules saved";

/**
 * The tables of which it is not known what a service's start or stop leaves in them; undefined where that changes
 * nothing. On a host that starts empty, stopping a firewall before the first rule leaves it empty, and what was just
 * saved is what a restart loads.
 */
export function changedByService(
  interpreter: Interpreter,
  command: Command,
  program: string,
  words: readonly Field[],
): readonly TableId[] | "all" | undefined {
  const { recorder, state } = interpreter;
  const name = program.slice(program.lastIndexOf("/") + 1);
  const texts = words.map(({ text }) => text).filter((text) => !text.startsWith("-"));
  if (texts.includes("save") || /tables-save$/.test(name)) {
    if (name !== "iptables-save" || command.redirects.some(({ operator }) => operator === ">"))
      state.setVariable(SAVED, known(String(recorder.ruleCount)));
    return undefined;
  }
  if (recorder.ruleCount === 0 && texts.some((text) => text === "stop" || text === "disable"))
    return undefined;
  const saved = state.variable(SAVED);
  const isSaved = saved?.kind === "known" && saved.text === String(recorder.ruleCount);
  if (isSaved && texts.some((text) => /^(?:re)?start$|^reload$/.test(text))) return undefined;
  if (name === "ufw" || name === "firewall-cmd") return changesByItself(name, words) ? "all" : undefined;
  if (name === "systemctl") {
    const found = texts.slice(1).map((unit) => tablesOf(unit.replace(/\.service$/, ""), texts[0]));
    return found.find((tables) => tables !== undefined);
  }
  if (["service", "rc-service", "invoke-rc.d"].includes(name)) return tablesOf(texts[0], texts[1]);
  const isScript = program.includes("/init.d/") || name === "netfilter-persistent";
  return isScript ? tablesOf(name, texts[0]) : undefined;
}

/** Asking changes nothing. */
function changesByItself(name: string, words: readonly Field[]): boolean {
  const texts = words.map(({ text }) => text);
  if (name === "ufw")
    return texts.some((text) => !/^(?:status|verbose|numbered|version|show|--.*)$/.test(text));
  return !texts.every((text) =>
    /^--(?:state|version|list|get|query|info|zone|permanent|runtime-to-permanent)/.test(text),
  );
}

function tablesOf(
  service: string | undefined,
  action: string | undefined,
): readonly TableId[] | "all" | undefined {
  if (service === undefined || !Object.hasOwn(SERVICES, service) || !CHANGES.test(action ?? ""))
    return undefined;
  const kept = SERVICES[service]!;
  if (kept === "all") return "all";
  const families = kept === "both" ? (["ip", "ip6"] as const) : [kept];
  return families.flatMap((family) =>
    ["filter", "nat", "mangle"].map((table) => iptablesTable(family, table)),
  );
}
