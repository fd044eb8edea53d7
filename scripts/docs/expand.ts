import { expandedText, expandHost } from "../../server/src/features/expand/expand.ts";
import { Service } from "../../server/src/service.ts";

/** A script with a loop, and with something that it does not say. */
const SCRIPT = `for port in 21 22; do
  iptables -A INPUT -s 10.0.0.0/8 -p tcp --dport $port -j ACCEPT
done
iptables -A INPUT -i "$WAN" -j DROP
`;

/** The script and what `expand` prints for it, as blocks of Markdown. */
export function expandExample(): string {
  const path = "firewall.sh";
  const host = new Service().load([{ path, text: SCRIPT, dialect: "shell", family: 4 }]);
  const lines = expandedText(expandHost(host), ({ file, span }) => {
    return `${file}:${host.files[0]!.lines.position(span.start).line + 1}`;
  });
  const command = `$ npx ftp-firewall expand ${path}`;
  const printed = [command, ...lines.map(({ text }) => text)].join("\n");
  return `\`\`\`sh\n${SCRIPT}\`\`\`\n\n\`\`\`console\n${printed}\n\`\`\``;
}
