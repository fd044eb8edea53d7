import type { LoadedFile } from "../convert/host.ts";
import type { NftFile } from "../syntax/nftables/tree.ts";

/** Text of nft's language: a file, or a here document of a script. */
export interface NftText {
  readonly file: LoadedFile;
  readonly nft: NftFile;
  /** Where a place of it stands in the file. */
  readonly offset: (position: number) => number;
}

export function nftTexts(file: LoadedFile): NftText[] {
  const { syntax, source } = file;
  switch (syntax.dialect) {
    case "nft":
      return [{ file, nft: syntax.file, offset: (position) => position }];
    case "shell":
      return syntax.conversion.nftHereDocuments
        .filter((one) => one.file === source.path)
        .map(({ nft, offset }) => ({ file, nft, offset }));
    case "iptables-save":
      return [];
  }
}
