import type { ProblemCode, Severity } from "../text/problem.ts";

/** What is wrong with a text or with loading it, and has no page of its own. */
export type LoadErrorCode = Exclude<ProblemCode, "rules-of-other-file-erased" | "syntax-error">;

/**
 * What the real tools refuse besides plain syntax errors (or what is only worth knowing), by the code of the
 * diagnostic: one sentence each, for `explain`.
 */
export const LOAD_ERRORS: Readonly<Record<LoadErrorCode, string>> = {
  "bash-only":
    "A script that begins with #!/bin/sh uses what only bash has; dash, which is sh on Debian and Ubuntu, refuses it.",
  "byte-order-mark":
    "The file begins with a UTF-8 byte-order mark, which the tool takes for a part of the first line.",
  "chain-exists": "A chain is made that exists already.",
  "chain-type-hook-mismatch":
    "A base chain's type, hook and family do not go together (nat needs prerouting, input, output or postrouting).",
  "conflicting-protocols": "A rule asks for two protocols at once, so that it could never match.",
  "ct-target-outside-raw":
    "The target CT is valid in table raw only: helpers are assigned before connection tracking.",
  "dos-line-ends":
    "The lines end in carriage return and line feed; the tools take the carriage return for a part of the last word.",
  "empty-range": "A range ends before it begins.",
  "empty-set": "An anonymous set has no elements.",
  "helper-family-mismatch": "A helper object is for another IP version than the rule or table.",
  "helper-needs-protocol": "`-j CT --helper` needs `-p tcp` (not negated) in the same rule.",
  "helper-protocol-mismatch":
    "A helper is declared for a protocol that the kernel's helper does not speak; FTP is TCP.",
  "helper-without-type": "A ct helper object does not say its type and protocol.",
  "include-loop": "A file includes itself, directly or through others.",
  "interval-flag-missing": "A set holds ranges or prefixes but has no `flags interval`.",
  "invalid-address": "An address cannot be read.",
  "invalid-chain-name": "A chain's name is too long, reserved, or has characters that are not allowed.",
  "invalid-policy": "A policy is neither ACCEPT nor DROP, or is set on a chain that cannot have one.",
  "invalid-prefix": "A prefix is longer than the address.",
  "invalid-value": "A value is not one that this option takes.",
  "jump-to-base-chain":
    "A rule jumps to a chain that is attached to a hook; only chains without a hook can be jumped to.",
  "key-mismatch": "An element has another kind or number of parts than its set.",
  "list-without-braces": "A list of values needs braces here.",
  "missing-commit": "A table has no COMMIT, so iptables-restore does not load it.",
  "nat-before-conntrack": "A nat chain's priority is before connection tracking, which the kernel refuses.",
  "nat-family-missing": "In an inet table a NAT statement has to say `ip` or `ip6`.",
  "nat-port-without-protocol": "A NAT statement names a port, but the rule no protocol.",
  "jump-loop": "Chains jump in a circle, which the kernel refuses.",
  "jumps-too-deep": "More than fifteen jumps follow each other, which the kernel refuses.",
  "no-such-object": "A command deletes, replaces or changes something that is not there at this point.",
  "redefined-variable": "A variable is defined twice; `redefine` changes it.",
  "set-exists": "An ipset is made that exists already.",
  "set-in-use": "An ipset is destroyed that a rule or a list of sets still uses.",
  "set-without-type": "A set does not say the type of its elements.",
  "statement-after-verdict": "Nothing in a rule is reached after its verdict.",
  "statement-in-wrong-chain": "A statement is not allowed in this type of chain or at this hook.",
  "template-text":
    "The file holds placeholders of a template language; what follows is judged as far as it can be read.",
  "too-many-problems":
    "There are so many problems that only the first are listed: perhaps the file is something else.",
  "undefined-chain": "A rule names a chain or target that does not exist.",
  "undefined-helper": "A rule sets a ct helper object that the table does not have.",
  "undefined-object": "A rule names an object that the table does not have.",
  "undefined-set": "A rule or command names a set or map that does not exist at this point.",
  "undefined-variable": "A variable is used before it is defined, or outside of its block.",
  "unknown-chain-type": "A chain's type is neither filter, nat nor route.",
  "unknown-extension":
    "An option or module is not part of iptables itself; its rule works only where that extension is installed.",
  "unknown-helper": "The kernel has no helper of this name; for FTP it is `ftp`.",
  "unknown-helper-type": 'The kernel has no helper of this type; for FTP it is `"ftp"`.',
  "unknown-hook": "A chain names a hook that does not exist.",
  "unknown-name": "A name is not one of the values that can stand here.",
  "unknown-priority": "A chain's priority is no number and none of the known names.",
  "unknown-service":
    "A service name is not in the built-in table; whether it loads depends on /etc/services.",
  "value-out-of-range": "A number is larger than its field.",
  "wrong-chain": "A target or match is not allowed in this built-in chain.",
  "wrong-interface-direction":
    "`-o` has no meaning in INPUT and PREROUTING, `-i` none in OUTPUT and POSTROUTING.",
  "wrong-table": "A target is not allowed in this table (DNAT and SNAT belong in nat).",
};

/** Their severity is mostly error, but for these, which are no fault of the file or may be none. */
export const SOFTER: Partial<Readonly<Record<LoadErrorCode, Severity>>> = {
  "bash-only": "warning",
  "template-text": "hint",
  "unknown-service": "info",
};
