// The kernel's own checkers. They want a network namespace: a check must not touch the host's rules.
import { spawnSync } from "node:child_process";

const CHECKERS = {
  nft: { name: "nft -c -f", command: (file) => ["nft", "-c", "-f", file] },
  "iptables-save": {
    name: "iptables-restore --test",
    command: (file) => ["iptables-restore", "--test", file],
  },
};

const works = ([file, ...args]) => spawnSync(file, args, { stdio: "ignore" }).status === 0;

const NAMESPACES = [
  ["unshare", "--net"],
  ["unshare", "--user", "--map-root-user", "--net"],
];

let namespace;

/** The checker of a dialect's files, `skipped` with the reason where it cannot run; none for scripts. */
export function toolFor(dialect) {
  const checker = CHECKERS[dialect];
  if (!checker) return undefined;
  const [program] = checker.command("");
  if (!works([program, "--version"])) return { ...checker, skipped: `${program} is not installed` };
  namespace ??= NAMESPACES.find((one) => works([...one, "true"])) ?? "none";
  if (namespace === "none")
    return { ...checker, skipped: "no network namespace can be made here (try as root)" };
  return { ...checker, command: (file) => [...namespace, ...checker.command(file)] };
}
