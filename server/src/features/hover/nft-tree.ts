import type { Expression, NftBlock, NftItem, NftLeaf, Selector } from "../../syntax/nftables/tree.ts";
import { contains } from "../../text/span.ts";

/** A statement under the cursor with the blocks around it, outermost first. */
export interface NftSpot {
  readonly leaf: NftLeaf;
  readonly blocks: readonly NftBlock[];
  /** The statement is what stands before a block's brace. */
  readonly header: boolean;
}

/** The statement at an offset; undefined between statements. */
export function spotAt(items: readonly NftItem[], offset: number): NftSpot | undefined {
  const blocks: NftBlock[] = [];
  let current = items;
  for (;;) {
    const item = itemAt(current, offset);
    if (!item) return undefined;
    if (item.kind === "leaf") return { leaf: item, blocks, header: false };
    if (contains(item.header, offset)) return { leaf: item.header, blocks: [...blocks, item], header: true };
    blocks.push(item);
    current = item.items;
  }
}

/** Where two touch, the one that begins at the offset. */
function itemAt(items: readonly NftItem[], offset: number): NftItem | undefined {
  let touching: NftItem | undefined;
  for (const item of items) {
    if (item.start > offset) break;
    if (offset < item.end) return item;
    if (offset === item.end) touching = item;
  }
  return touching;
}

/** An expression under the cursor, with the selector that it is compared with. */
export interface ExpressionSpot {
  readonly expression: Expression;
  readonly selector: Selector | undefined;
}

const DEEPEST = 64;

/** The innermost expression at an offset that counts from the statement's start. */
export function expressionAt(
  expression: Expression,
  at: number,
  key: Expression | undefined,
  depth = 0,
): ExpressionSpot | undefined {
  if (depth > DEEPEST || !contains(expression.span, at)) return undefined;
  const inside = childrenOf(expression, key).filter(({ child }) => contains(child.span, at));
  const first = inside.find(({ child }) => at < child.span.end) ?? inside[0];
  const deeper = first && expressionAt(first.child, at, first.key, depth + 1);
  if (deeper && !isPartOfRange(expression, deeper)) return deeper;
  return { expression, selector: selectorOf(key) };
}

/** A range is explained as a whole. */
function isPartOfRange(expression: Expression, deeper: ExpressionSpot): boolean {
  return expression.kind === "range" && deeper.expression.kind === "symbol";
}

function selectorOf(key: Expression | undefined): Selector | undefined {
  if (key?.kind === "selector") return key;
  return key?.kind === "binary" ? selectorOf(key.left) : undefined;
}

interface Child {
  readonly child: Expression;
  /** What the child is compared with. */
  readonly key: Expression | undefined;
}

function childrenOf(expression: Expression, key: Expression | undefined): Child[] {
  const same = (child: Expression): Child => ({ child, key });
  switch (expression.kind) {
    case "prefix":
      return [same(expression.base)];
    case "range":
      return [same(expression.low), same(expression.high)];
    case "list":
      return expression.items.map(same);
    case "concat":
      return expression.items.map((child, i) => ({
        child,
        key: key?.kind === "concat" ? key.items[i] : undefined,
      }));
    case "set":
      return expression.elements.flatMap(({ key: element, value }) => [
        same(element),
        ...(value ? [{ child: value, key: undefined }] : []),
      ]);
    case "binary":
      return [same(expression.left), same(expression.right)];
    case "masked":
      return [same(expression.value), same(expression.mask)];
    case "map":
      return [
        { child: expression.key, key: undefined },
        { child: expression.map, key: expression.key },
      ];
    default:
      return [];
  }
}
