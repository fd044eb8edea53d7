import assert from "node:assert/strict";
import { test } from "node:test";
import { coloured } from "./tokens.ts";

/** Compares the colours of `text` with the expected ones, both without the language's suffix and outer white space. */
async function expectColours(scope: string, text: string, expected: string): Promise<void> {
  const actual = (await coloured(scope, text)).replace(/\.(?:nft|iptables|shell)$/gm, "");
  assert.equal(actual, expected.trim().replace(/^\s+/gm, ""));
}

test("an nftables rule", () =>
  expectColours(
    "source.nft",
    'iifname $WAN tcp dport { 21, 50000-51000 } ct helper set "ftp" jump ftp_in # x',
    `
    iifname  variable.other.property
    $WAN  variable.other
    tcp  support.type.protocol
    dport  variable.other.property
    21  constant.numeric
    ,  punctuation.separator
    50000  constant.numeric
    51000  constant.numeric
    ct  support.type.protocol
    helper  variable.other.property
    set  keyword.other
    "  string.quoted.double
    ftp  string.quoted.double
    "  string.quoted.double
    jump  keyword.control.verdict
    ftp_in  entity.name.function.chain
    # x  comment.line.number-sign
    `,
  ));

test("a base chain: `filter` is its type and its priority, not a table", () =>
  expectColours(
    "source.nft",
    "table inet filter {\n chain input {\n type filter hook input priority filter; policy drop;",
    `
    table  storage.type.table
    inet  support.type.family
    filter  entity.name.type.table
    chain  storage.type.chain
    input  entity.name.function.chain
    type  storage.type.base-chain
    filter  variable.other.enummember.chain-type
    hook  storage.type.base-chain
    input  variable.other.enummember
    priority  storage.type.base-chain
    filter  variable.other.enummember
    ;  punctuation.separator
    policy  storage.type.base-chain
    drop  keyword.control.verdict
    ;  punctuation.separator
    `,
  ));

test("an iptables-save file", () =>
  expectColours(
    "source.iptables",
    "*filter\n:INPUT DROP [0:0]\n-A INPUT ! -s 10.0.0.0/8 -p tcp -m tcp --dport 20:21 -m conntrack --ctstate NEW -j ftp-in\nCOMMIT",
    `
    *  storage.type.table
    filter  storage.type.table
    :  punctuation.definition.chain
    INPUT  entity.name.function.chain
    DROP  keyword.control.verdict
    [0:0]  constant.numeric.counters
    -A  keyword.other.command
    INPUT  entity.name.function.chain
    !  keyword.operator
    -s  variable.parameter.option
    10.0.0.0/8  constant.numeric.address
    -p  variable.parameter.option
    tcp  support.type.protocol
    -m  keyword.other.match
    tcp  support.type.module
    --dport  variable.parameter.option
    20  constant.numeric
    21  constant.numeric
    -m  keyword.other.match
    conntrack  support.type.module
    --ctstate  variable.parameter.option
    NEW  constant.language
    -j  keyword.other.jump
    ftp-in  entity.name.function.chain
    COMMIT  storage.type.table
    `,
  ));

test("firewall commands in a shell script, and nothing else in it", () =>
  expectColours(
    "source.shell",
    'echo iptables is old\nif x; then $IPT -A INPUT -s "$LAN" \\\n  -p tcp -j ACCEPT; fi\n# iptables -F\nls -l',
    `
    $IPT  variable.other.firewall-command
    -A  keyword.other.command
    INPUT  entity.name.function.chain
    -s  variable.parameter.option
    "  string.quoted.double
    $LAN  variable.other.normal
    "  string.quoted.double
    \\  constant.character.escape.line-continuation
    -p  variable.parameter.option
    tcp  support.type.protocol
    -j  keyword.other.jump
    ACCEPT  keyword.control.verdict
    # iptables -F  comment.line
    `,
  ));

test("a ruleset inside a shell script ends with its here-document", () =>
  expectColours(
    "source.shell",
    "nft -f - <<EOF\nadd rule ip t c tcp dport 21 accept\nEOF\naccept",
    `
    nft  support.function.firewall
    -f  variable.parameter.option.iptables
    <<  keyword.operator.heredoc
    EOF  keyword.control.heredoc-token
    add  keyword.other.command
    rule  storage.type.rule
    ip  support.type.family
    t  entity.name.type.table
    c  entity.name.function.chain
    tcp  support.type.protocol
    dport  variable.other.property
    21  constant.numeric
    accept  keyword.control.verdict
    EOF  keyword.control.heredoc-token
    `.replace(".option.iptables", ".option"),
  ));
