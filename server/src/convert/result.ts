import type { Operation } from "../model/operation.ts";
import type { IptablesSaveFile } from "../syntax/iptables-save/file.ts";
import type { NftFile } from "../syntax/nftables/tree.ts";
import type { ShellFile } from "../syntax/shell/shell-file.ts";
import type { Problem } from "../text/problem.ts";
import type { HostCommand } from "./shell/host-command.ts";

/** A file that another one includes, sources or loads, as it was read there. */
export type IncludedFile = { readonly path: string; readonly text: string } & (
  | { readonly dialect: "nft"; readonly file: NftFile }
  | { readonly dialect: "iptables-save"; readonly file: IptablesSaveFile; readonly family: 4 | 6 }
  | { readonly dialect: "shell"; readonly file: ShellFile }
);

/** What a file does to the kernel's ruleset, and what is wrong with its text. */
export interface Conversion {
  readonly operations: readonly Operation[];
  readonly problems: readonly Problem[];
  /** Files it includes that the snapshot does not hold yet; the host fetches them and asks again. */
  readonly needs: readonly string[];
  /** Files that were read on the way; one that is read twice is here twice. */
  readonly included?: readonly IncludedFile[];
  /** What a script and those that it sources tell the kernel besides, in order. */
  readonly hostCommands?: readonly HostCommand[];
}
