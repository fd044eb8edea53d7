import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { NftFile, NftItem, NftLeaf } from "../../../server/src/syntax/nftables/tree.ts";

/** Rulesets of others, read in place; see the folder's README. Not part of the project. */
export const CORPUS = join(import.meta.dirname, "../../../../shared/corpus");

export interface CorpusFile {
  readonly name: string;
  readonly text: string;
}

/** All files below a folder of the corpus with one of the endings; undefined where the corpus is missing. */
export function corpusFiles(folder: string, endings: readonly string[]): CorpusFile[] | undefined {
  const root = join(CORPUS, folder);
  if (!existsSync(root)) return undefined;
  return walk(root)
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ name: path.slice(root.length + 1), text: readFileSync(path, "utf8") }));
}

function walk(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? walk(path) : [path];
    });
}

/** Says loudly that a test could not run. */
export function skipWithoutCorpus(t: { skip(reason: string): void }, folder: string): void {
  const reason = `the corpus folder ${folder} is not there`;
  console.error(`SKIPPED: ${reason}`);
  t.skip(reason);
}

/** Every statement of a file, blocks' headers too. */
export function leaves(file: NftFile): NftLeaf[] {
  const found: NftLeaf[] = [];
  const visit = (items: readonly NftItem[]): void => {
    for (const item of items) {
      if (item.kind === "leaf") found.push(item);
      else {
        found.push(item.header);
        visit(item.items);
      }
    }
  };
  visit(file.items);
  return found;
}
