import type { Scope } from "./scope.ts";
import { argument, literal } from "./values.ts";

/** iptables-restore and nft -f with texts that the script makes. */
export function restored(scope: Scope): string {
  const { random, bash } = scope;
  const port = plain(scope);
  const rules = [
    `-A INPUT -p tcp -m tcp --dport ${port} -j ACCEPT`,
    `-A FORWARD -s ${literal(scope, "net")} -j DROP`,
  ].slice(random.between(0, 1));
  const text = ["*filter", ...rules, "COMMIT"].join("\n");
  const forms = [
    () => `iptables-restore -n <<EOF\n${text}\nEOF`,
    () =>
      `iptables-restore --noflush <<'EOF'\n*filter\n-A OUTPUT -p tcp -m tcp --dport ${literal(scope, "port")} -j ACCEPT\nCOMMIT\nEOF`,
    () => `printf '%s\\n' '*filter' "${rules.at(-1)}" COMMIT | iptables-restore -n`,
    () => `cat <<EOF | iptables-restore -n\n${text}\nEOF`,
    () => `{ echo '*filter'; echo "${rules.at(-1)}"; echo COMMIT; } | iptables-restore -n`,
    () => `nft -f - <<EOF\nadd rule inet fw in tcp dport ${port} accept\nEOF`,
    () => `echo "add rule inet fw in tcp dport ${port} drop" | nft -f -`,
    () => file(scope, text.replaceAll(port, literal(scope, "port"))),
  ];
  if (bash) {
    forms.push(
      () => `iptables-restore -n <<< "${text}"`,
      () => `echo -e "*filter\\n${rules.at(-1)}\\nCOMMIT" | iptables-restore -n`,
      () => `iptables-restore -n < <(printf '%s\\n' '*filter' "${rules.at(-1)}" COMMIT)`,
      () => `nft -f - <<< "add rule inet fw in udp dport ${port} accept"`,
    );
  }
  return random.pick(forms)();
}

function file(scope: Scope, text: string): string {
  const name = scope.fresh("rules");
  scope.files[name] = `${text}\n`;
  return scope.random.pick([
    `iptables-restore -n < ./${name}`,
    `cat ./${name} | iptables-restore -n`,
    `iptables-restore -n ./${name}`,
  ]);
}

/** A port as it may stand in a here document: without quotes. */
function plain(scope: Scope): string {
  const value = argument(scope, "port");
  return /["'`]/.test(value) ? literal(scope, "port") : value;
}
