import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** What standard input is called where nobody has named it. */
export const STANDARD_INPUT = "-";

/**
 * The path from the root of the Git repository that the file lies in, with slashes: what GitHub and readers of SARIF
 * expect, in whatever folder the tool was started. Outside of any repository the path as it was given.
 */
export function repositoryPath(path: string): string {
  const root = path === STANDARD_INPUT ? undefined : repositoryOf(dirname(resolve(path)));
  const shown = root === undefined ? path : relative(root, resolve(path));
  return shown.replaceAll(sep, "/");
}

/** The nearest folder upwards with a `.git`, which is a file in a worktree and in a submodule. */
function repositoryOf(folder: string): string | undefined {
  if (existsSync(join(folder, ".git"))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : repositoryOf(above);
}
