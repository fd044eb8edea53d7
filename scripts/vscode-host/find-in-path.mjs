import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** @returns {string | undefined} the first program in PATH that has one of these names, earlier names first. */
export function findInPath(...names) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** @returns {boolean} whether this file is there and can be run. */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
