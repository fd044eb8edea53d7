import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Expectation } from "./compare.ts";
import type { Script } from "./rig/rig.ts";

const FOLDER = new URL("scripts/", import.meta.url);

/** How a script is called that wants to be told something: what it does then is what the interpreter follows. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  "case-in-function.sh": ["start"],
  "office-gateway.sh": ["start"],
  "outside-argument.sh": ["eth7"],
  "outside-argument-list.sh": ["8021"],
  "restart-calls-itself.sh": ["start"],
  "self-restart.sh": ["start"],
  "start-stop.sh": ["start"],
};

/** The scripts that learn something from outside: what of the real listings that makes. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  "outside-address.sh": [
    "-A INPUT -d 192.0.2.10/32 -p tcp -m tcp --dport 21 -j ACCEPT",
    "ip daddr 192.0.2.10 tcp dport 21 counter accept",
    "-A PREROUTING -d 192.0.2.10/32 -p tcp -m tcp --dport 2121 -j REDIRECT --to-ports 21",
    "ip daddr 192.0.2.10 tcp dport 2121 counter redirect to :21",
  ],
  "outside-argument.sh": [
    "-A INPUT -i eth7 -p tcp -m tcp --dport 22 -j ACCEPT",
    'iifname "eth7" tcp dport 22 counter accept',
    "-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT",
    "tcp dport 21 counter accept",
    "-A POSTROUTING -o eth7 -j MASQUERADE",
    'oifname "eth7" counter masquerade',
  ],
  "outside-argument-list.sh": [
    "-A INPUT -p tcp -m tcp --dport 8021 -j ACCEPT",
    "tcp dport 8021 counter accept",
  ],
  // The empty address is refused.
  "outside-environment.sh": [],
  "outside-condition.sh": [
    "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "ct state related,established counter accept",
    "-A INPUT -p tcp -m tcp --dport 2122 -j ACCEPT",
    "tcp dport 2122 counter accept",
  ],
  "outside-list.sh": [
    "-A blocklist -s 198.51.100.7/32 -j DROP",
    "ip saddr 198.51.100.7 counter drop",
    "-A OUTPUT -d 198.51.100.53/32 -p udp -m udp --dport 53 -j ACCEPT",
    "ip daddr 198.51.100.53 udp dport 53 counter accept",
  ],
  "outside-policy.sh": [],
  "outside-read.sh": [
    "-A INPUT -p tcp -m tcp --dport 21 -j REJECT --reject-with icmp-port-unreachable",
    "tcp dport 21 counter reject",
  ],
  "outside-source.sh": ["-A INPUT -p tcp -m tcp --dport 2020 -j ACCEPT", "tcp dport 2020 counter accept"],
  "outside-time.sh": [
    "-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT",
    "tcp dport 21 counter accept",
    '-A INPUT -p tcp -m tcp --dport 22 -m comment --comment "loaded in this century" -j ACCEPT',
    "tcp dport 22  counter accept",
    "-A INPUT -m mark --mark 0x7 -j ACCEPT",
    "meta mark 0x00000007 counter accept",
  ],
};

export interface OwnScript extends Script {
  readonly expected: Expectation;
}

/** All of `scripts/NAME.sh`; what stands beside it when it is run is in `scripts/NAME/`. */
export function ownScripts(): OwnScript[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".sh"));
  return names.sort().map((name) => {
    const fromOutside = OUTSIDE[name];
    return { ...readScript(FOLDER, name), expected: fromOutside === undefined ? {} : { fromOutside } };
  });
}

export function readScript(folder: URL, name: string): Script {
  const beside = new URL(`${name.replace(/\.sh$/, "")}/`, folder);
  const files = existsSync(beside) ? readdirSync(beside, { recursive: true, withFileTypes: true }) : [];
  const text = (path: string | URL) => readFileSync(path, "utf8");
  return {
    name,
    text: text(new URL(name, folder)),
    args: ARGUMENTS[name] ?? [],
    files: Object.fromEntries(
      files
        .filter((file) => file.isFile())
        .map(({ parentPath, name: file }) => `${parentPath}/${file}`)
        .map((path) => [path.slice(beside.pathname.length).replace(/^\/+/, ""), text(path)]),
    ),
  };
}
