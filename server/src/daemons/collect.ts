import { serverConfigCandidates } from "./candidates.ts";
import { readServerConfigs } from "./read-server-config.ts";
import type { ConfigFile } from "./server-config.ts";

/** Included files can include others; so many rounds are followed. */
const MOST_ROUNDS = 3;

/**
 * The configuration files of FTP servers that lie beside rulesets, with what they include. `read` gives a file's text,
 * undefined where there is none.
 */
export function serverFilesBeside(
  rulesPaths: readonly string[],
  read: (path: string) => string | undefined,
): ConfigFile[] {
  const files = new Map<string, ConfigFile>();
  const add = (path: string) => {
    const text = files.has(path) ? undefined : read(path);
    if (text !== undefined) files.set(path, { path, text });
  };
  for (const path of new Set(rulesPaths.flatMap(serverConfigCandidates))) add(path);
  return withIncluded([...files.values()], read);
}

/** The files together with those that they include, as far as these can be read. */
export function withIncluded(
  given: readonly ConfigFile[],
  read: (path: string) => string | undefined,
): ConfigFile[] {
  const files = new Map(given.map((file) => [file.path, file]));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = files.size;
    for (const config of readServerConfigs([...files.values()])) {
      for (const { candidates } of config.needs) {
        const found = candidates.find((path) => !files.has(path) && read(path) !== undefined);
        const text = found === undefined ? undefined : read(found);
        if (found !== undefined && text !== undefined) files.set(found, { path: found, text });
      }
    }
    if (files.size === before) break;
  }
  return [...files.values()];
}
