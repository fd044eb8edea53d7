/** What kind of file this is. `shell` only for scripts that call iptables, ip6tables, nft or *-restore. */
export type Dialect = "nft" | "iptables-save" | "shell";
