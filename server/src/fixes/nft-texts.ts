import type { LoadedFile } from "../convert/host.ts";
import { parseNft } from "../syntax/nftables/parse.ts";
import type { NftFile } from "../syntax/nftables/tree.ts";
import { quotedTexts } from "./quoted-text.ts";

/** Text of nft's language: a file, or of a script a here document or what stands in quotes. */
export interface NftText {
  readonly file: LoadedFile;
  readonly nft: NftFile;
  /** Where a place of it stands in the file. */
  readonly offset: (position: number) => number;
}

/** A table's block, whatever stands before it. */
const TABLE = /\btable\s+(?:\w+\s+)?[\w.-]+\s*\{/;

export function quotedNftTexts(file: LoadedFile): NftText[] {
  return quotedTexts(file, TABLE).map(({ span, text }) => ({
    file,
    nft: parseNft(text),
    offset: (position) => span.start + position,
  }));
}

export function nftTexts(file: LoadedFile): NftText[] {
  const { syntax, source } = file;
  switch (syntax.dialect) {
    case "nft":
      return [{ file, nft: syntax.file, offset: (position) => position }];
    case "shell":
      return [
        ...syntax.conversion.nftHereDocuments
          .filter((one) => one.file === source.path)
          .map(({ nft, offset }) => ({ file, nft, offset })),
        ...quotedNftTexts(file),
      ];
    case "iptables-save":
      return [];
  }
}
