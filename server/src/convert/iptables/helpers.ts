/** What the kernel knows of one conntrack helper: net/netfilter/nf_conntrack_*.c and net/ipv4/netfilter. */
interface KernelHelper {
  readonly protocols: readonly ("tcp" | "udp")[];
  readonly families: readonly (4 | 6)[];
}

const HELPERS: Readonly<Record<string, KernelHelper>> = {
  ftp: { protocols: ["tcp"], families: [4, 6] },
  tftp: { protocols: ["udp"], families: [4, 6] },
  irc: { protocols: ["tcp"], families: [4] },
  sip: { protocols: ["tcp", "udp"], families: [4, 6] },
  RAS: { protocols: ["udp"], families: [4, 6] },
  "Q.931": { protocols: ["tcp"], families: [4, 6] },
  pptp: { protocols: ["tcp"], families: [4] },
  snmp: { protocols: ["udp"], families: [4] },
  "netbios-ns": { protocols: ["udp"], families: [4] },
  amanda: { protocols: ["udp"], families: [4, 6] },
  sane: { protocols: ["tcp"], families: [4, 6] },
};

/** Names of all conntrack helpers of the kernel. */
export const KERNEL_HELPERS: readonly string[] = Object.keys(HELPERS);

export function kernelHelper(name: string): KernelHelper | undefined {
  return Object.hasOwn(HELPERS, name) ? HELPERS[name] : undefined;
}
