/** A pattern of files in one folder, as nft's `include` takes them. */
export interface IncludePattern {
  readonly folder: string;
  /** Whether a file of the folder is meant; hidden ones only where the pattern begins with a dot. */
  matches(name: string): boolean;
}

/** Whether a path stands for any files that match it. */
export function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

/** Undefined where the folder itself is a pattern. */
export function readPattern(path: string): IncludePattern | undefined {
  const slash = path.lastIndexOf("/");
  const [folder, names] = [path.slice(0, slash + 1), path.slice(slash + 1)];
  if (isPattern(folder)) return undefined;
  const expression = expressionOf(names);
  return {
    folder: folder === "" ? "./" : folder,
    matches: (name) => (names.startsWith(".") || !name.startsWith(".")) && (expression?.test(name) ?? false),
  };
}

/** The names in the order in which nft loads them (measured): capitals first, whatever the language. */
export function inLoadingOrder(names: readonly string[]): string[] {
  return [...names].sort((a, b) => (a < b ? -1 : 1));
}

function expressionOf(names: string): RegExp | undefined {
  const source = names.replace(
    /\[(!?)(\]?[^\]]*)\]|[\s\S]/g,
    (part, not: string | undefined, set: string | undefined) => {
      if (set !== undefined) return `[${not ? "^" : ""}${set.replace(/[\\\]^]/g, "\\$&")}]`;
      return part === "*" ? ".*" : part === "?" ? "." : part.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
    },
  );
  try {
    return new RegExp(`^${source}$`, "su");
  } catch {
    return undefined;
  }
}
