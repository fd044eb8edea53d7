import type { ParameterExpansionPart } from "../../syntax/shell/shell-file.ts";

/*
 * What dash, which is `sh` on Debian and Ubuntu, does not have of bash (measured with dash 0.5.12). It takes such
 * commands for programs that are not there, and ends the script at substitutions that it cannot do.
 */

/** The exit status of a program that is not found. */
export const NOT_FOUND = 127;

const NOT_BUILT_IN = new Set(
  "source let declare typeset mapfile readarray shopt pushd popd dirs disown enable builtin caller compgen complete".split(
    " ",
  ),
);

export function isMissingInDash(command: string): boolean {
  return NOT_BUILT_IN.has(command);
}

/** Variables that bash sets by itself. */
const SET_BY_BASH = new Set(
  "EUID UID HOSTNAME RANDOM SECONDS FUNCNAME BASH_SOURCE BASH_VERSION BASH".split(" "),
);

export function isUnsetInDash(variable: string): boolean {
  return SET_BY_BASH.has(variable);
}

/** "Bad substitution": the script ends there. */
export function isBadInDash({ prefix, index, operation, parameter }: ParameterExpansionPart): boolean {
  if (index !== undefined || prefix === "!") return true;
  if (operation === undefined || operation.type === "Default" || operation.type === "Remove") return false;
  return parameter !== "";
}
