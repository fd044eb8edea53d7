import { type NftParseCache, parseNft } from "../../syntax/nftables/parse.ts";
import type { NftFile, StatementContext } from "../../syntax/nftables/tree.ts";
import type { Conversion } from "../result.ts";
import { Loading, type NftSession } from "./loading.ts";
import { RulePositions } from "./positions.ts";
import { Registry } from "./registry.ts";

export type { NftSession } from "./loading.ts";

export interface NftContext {
  readonly path: string;
  resolve(include: string): { readonly text: string; readonly path: string } | "missing" | "pending";
  /** The files of a folder, for patterns. */
  list?(folder: string): readonly string[] | "missing" | "pending";
  /** Parsed statements of included files. */
  readonly cache?: NftParseCache;
  /** For several texts that one host loads one after the other: what the earlier ones declared. */
  readonly session?: NftSession;
}

/** What a host's nft commands have declared so far: types of sets, handles of rules. */
export function createNftSession(): NftSession {
  return { registry: new Registry(), positions: new RulePositions() };
}

export interface NftOptions {
  /**
   * The text is one of several that are loaded one after the other: what it names may exist already, so
   * nothing is reported as undefined.
   */
  readonly partial?: boolean;
}

/** What loading an nftables file does to the kernel's ruleset, and what is wrong with it. Never throws. */
export function convertNft(file: NftFile, context: NftContext, options: NftOptions = {}): Conversion {
  const loading = new Loading({
    path: context.path,
    partial: options.partial ?? false,
    session: context.session ?? createNftSession(),
    resolve: (include) => context.resolve(include),
    list: (folder) => context.list?.(folder) ?? "missing",
    parse: (text: string, at: StatementContext) => parseNft(text, context.cache, at),
  });
  loading.file(file);
  return loading.finish();
}
