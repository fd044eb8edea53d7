import type { NftFile, NftItem } from "../../syntax/nftables/tree.ts";

/** The text of the last `define` of a name before an offset, in the file or the blocks around it. */
export function findDefine(file: NftFile, name: string, before: number): string | undefined {
  let value: string | undefined;
  const search = (items: readonly NftItem[], depth: number): void => {
    for (const item of items) {
      if (item.start >= before) return;
      if (item.kind === "block") {
        if (before <= item.end && depth < 64) search(item.items, depth + 1);
      } else if (item.node.kind === "define" && item.node.name.text === name) {
        const { span } = item.node.value;
        value = file.text.slice(item.start + span.start, item.start + span.end);
      } else if (item.node.kind === "undefine" && item.node.name.text === name) value = undefined;
    }
  };
  search(file.items, 0);
  return value;
}
