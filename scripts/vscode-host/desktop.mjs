// Finds a desktop VS Code that is installed on this machine.
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { findInPath, isExecutable } from "./find-in-path.mjs";

/** @returns {string | undefined} the `code` command in PATH, resolved. */
export function findCodeCommand() {
  const command = process.platform === "win32" ? findInPath("code.cmd") : findInPath("code", "codium");
  return command && realpathSync(command);
}

/** @returns {boolean} whether a window could be opened at all. */
export function hasDisplay() {
  return process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

const PROGRAM_FROM_COMMAND = {
  linux: ["../code", "../codium"],
  darwin: ["../../../MacOS/Code", "../../../MacOS/Electron"],
  win32: ["../Code.exe"],
};

/**
 * The program behind the `code` command: tests need it, because the command returns before the window closes.
 *
 * @returns {string | undefined} `VSCODE_EXECUTABLE`, or the program beside the command, if it is there
 */
export function findDesktopExecutable() {
  if (process.env.VSCODE_EXECUTABLE) return process.env.VSCODE_EXECUTABLE;
  const command = findCodeCommand();
  if (command === undefined) return undefined;
  const candidates = PROGRAM_FROM_COMMAND[process.platform] ?? [];
  return candidates.map((candidate) => join(dirname(command), candidate)).find(isExecutable);
}
