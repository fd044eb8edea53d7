import type { Family, HelperObject } from "../../model/ruleset.ts";
import type { NftBlock, NftItem, StatementProblem } from "../../syntax/nftables/tree.ts";
import type { ProblemCode } from "../../text/problem.ts";

interface KernelHelper {
  readonly protocols: readonly ("tcp" | "udp")[];
  /** Only registered for IPv4. */
  readonly v4Only?: boolean;
}

/** Connection tracking helpers of the kernel (net/netfilter/nf_conntrack_*.c) and what they register for. */
const KERNEL_HELPERS: Record<string, KernelHelper> = {
  ftp: { protocols: ["tcp"] },
  tftp: { protocols: ["udp"] },
  irc: { protocols: ["tcp"], v4Only: true },
  sip: { protocols: ["tcp", "udp"] },
  sane: { protocols: ["tcp"] },
  amanda: { protocols: ["udp"] },
  pptp: { protocols: ["tcp"], v4Only: true },
  snmp: { protocols: ["udp"], v4Only: true },
  "netbios-ns": { protocols: ["udp"], v4Only: true },
  RAS: { protocols: ["udp"] },
  "Q.931": { protocols: ["tcp"] },
};

export interface ConvertedHelper {
  readonly helper?: Omit<HelperObject, "origin" | "name">;
  readonly problems: readonly { readonly item: NftItem; readonly problem: StatementProblem }[];
}

/** Reads the block `ct helper NAME { type "ftp" protocol tcp; l3proto ip; }`. */
export function convertHelper(block: NftBlock, family: Family): ConvertedHelper {
  let type: string | undefined;
  let protocol: HelperObject["protocol"] = "unknown";
  let l3proto: string | undefined;
  let declared: NftItem | undefined;
  for (const item of block.items) {
    if (item.kind !== "leaf" || item.node.kind !== "property") continue;
    const { name, words } = item.node;
    if (name === "l3proto") l3proto = words[0];
    if (name !== "type") continue;
    declared = item;
    type = words[0];
    const at = words.indexOf("protocol");
    const named = at < 0 ? undefined : words[at + 1];
    if (named === "tcp" || named === "udp") protocol = named;
  }
  if (!declared || type === undefined) return { problems: [missingType(block)] };
  const families = familiesOf(l3proto ?? family);
  const problem = checkFamily(l3proto, family) ?? checkHelper(type, protocol, families);
  const span = declared.kind === "leaf" ? declared.node.span : { start: 0, end: 0 };
  const problems = problem
    ? [{ item: declared, problem: { ...problem, severity: "error" as const, span, refused: true } }]
    : [];
  return { helper: { type, protocol, families }, problems };
}

function missingType(block: NftBlock): ConvertedHelper["problems"][number] {
  const message =
    'This helper object does not say which helper it is: nft refuses it. Write: type "ftp" protocol tcp;';
  const problem = {
    code: "helper-without-type" as const,
    severity: "error" as const,
    message,
    refused: true,
  };
  return { item: block.header, problem: { ...problem, span: block.header.node.span } };
}

function familiesOf(l3proto: string): readonly (4 | 6)[] {
  if (l3proto === "ip") return [4];
  return l3proto === "ip6" ? [6] : [4, 6];
}

/** A table of one family takes helpers of that family only (EINVAL). */
function checkFamily(
  l3proto: string | undefined,
  family: Family,
): { code: ProblemCode; message: string } | undefined {
  if ((family !== "ip" && family !== "ip6") || l3proto === undefined || l3proto === family) return undefined;
  return {
    code: "helper-family-mismatch",
    message: `A table of family ${family} has no helpers for "${l3proto}": the kernel refuses the file. Leave l3proto out.`,
  };
}

function checkHelper(
  type: string,
  protocol: HelperObject["protocol"],
  families: readonly (4 | 6)[],
): { code: ProblemCode; message: string } | undefined {
  const known = Object.hasOwn(KERNEL_HELPERS, type) ? KERNEL_HELPERS[type] : undefined;
  // A helper module loaded with ports=2121 registers "ftp-2121" besides "ftp".
  const numbered =
    known ?? (/^(ftp|tftp|irc|sip|sane)-\d+$/.test(type) ? KERNEL_HELPERS[type.split("-")[0]!] : undefined);
  if (!numbered) {
    const names = Object.keys(KERNEL_HELPERS).join(", ");
    return {
      code: "unknown-helper-type",
      message: `The kernel has no conntrack helper "${type}" and refuses the file. It has: ${names}.`,
    };
  }
  if (!known) {
    const [name, port] = type.split("-");
    return {
      code: "unknown-helper-type",
      message: `The kernel has a helper "${type}" only where its module was loaded with ports=…,${port}; otherwise it refuses the whole file. Write type "${name}" and assign it by a rule for port ${port}: that works everywhere.`,
    };
  }
  if (protocol === "unknown") {
    return {
      code: "helper-protocol-mismatch",
      message: `The helper "${type}" needs "protocol ${numbered.protocols[0]}" behind its type: nft refuses this.`,
    };
  }
  if (!numbered.protocols.includes(protocol)) {
    return {
      code: "helper-protocol-mismatch",
      message: `The helper "${type}" works on ${numbered.protocols.join(" and ")}, not on ${protocol}: the kernel refuses the file. Write "protocol ${numbered.protocols[0]}".`,
    };
  }
  if (!numbered.v4Only || families.includes(4)) return undefined;
  return {
    code: "helper-family-mismatch",
    message: `The helper "${type}" only exists for IPv4: the kernel refuses it here.`,
  };
}
