import assert from "node:assert/strict";
import { test } from "node:test";
import { assumeValue } from "../../../server/src/features/assume.ts";
import { variableNear } from "../../../server/src/features/hover/shell-variable.ts";
import { Service } from "../../../server/src/service.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";

/** The script with the comment that is offered at the `<|>`; undefined where none is. */
function assumed(marked: string): string | undefined {
  const offset = marked.indexOf("<|>");
  const text = marked.replace("<|>", "");
  const host = new Service().load([{ path: "fw.sh", text, dialect: "shell", family: 4 }]);
  const file = host.files[0]!;
  const use = variableNear(file, offset);
  const offered = use && assumeValue(file, use);
  if (!offered) return undefined;
  const { start, end } = offered.placeholder;
  assert.equal(offered.edit.newText.slice(start, end), "value");
  return applyEdits(text, [offered.edit]);
}

const RULE = 'iptables -A INPUT -i "$W<|>AN" -j ACCEPT\n';
const PLAIN_RULE = RULE.replace("<|>", "");

test("above the script's own assignment", () => {
  const head = "#!/bin/sh\n# My firewall\nLAN=eth1\n";
  assert.equal(
    assumed(`${head}WAN=$(cat /etc/wan)\n${RULE}`),
    `${head}# ftp-firewall: assume WAN=value\nWAN=$(cat /etc/wan)\n${PLAIN_RULE}`,
  );
});

test("above the first command where the script does not assign it, below the comments of its head", () => {
  const head = "#!/bin/sh\n# My firewall\n\n";
  assert.equal(
    assumed(`${head}iptables -F\n${RULE}`),
    `${head}# ftp-firewall: assume WAN=value\niptables -F\n${PLAIN_RULE}`,
  );
});

test("below others of its kind", () => {
  const head = "#!/bin/sh\n# ftp-firewall: assume LAN=eth1\n\n";
  assert.equal(
    assumed(`${head}iptables -F\n${RULE}`),
    `#!/bin/sh\n# ftp-firewall: assume LAN=eth1\n# ftp-firewall: assume WAN=value\n\niptables -F\n${PLAIN_RULE}`,
  );
});

test("for an argument of the script, and with the script's line ends", () => {
  assert.equal(
    assumed('#!/bin/sh\r\niptables -A INPUT -i "$<|>2" -j ACCEPT\r\n'),
    '#!/bin/sh\r\n# ftp-firewall: assume 2=value\r\niptables -A INPUT -i "$2" -j ACCEPT\r\n',
  );
});

test("not for what is known, nor for the shell's own variables, nor a second time", () => {
  assert.equal(assumed(`WAN=eth0\n${RULE}`), undefined);
  assert.equal(assumed('iptables -A INPUT -m comment --comment "$<|>$" -j ACCEPT\n'), undefined);
  assert.equal(assumed(`# ftp-firewall: assume WAN=eth0\nWAN=$(cat /etc/wan)\n${RULE}`), undefined);
});
