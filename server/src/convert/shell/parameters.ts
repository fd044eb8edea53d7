import { arrayOf } from "./array-value.ts";
import { isUnsetInDash } from "./dash.ts";
import type { Expander } from "./expand.ts";
import { EMPTY, type Field, known, UNSET, unknown, type Value } from "./value.ts";

/** Set in every environment; what they hold is not in the script. */
const ENVIRONMENT = new Set(
  "PATH HOME HOSTNAME PWD OLDPWD SHELL TERM LANG LC_ALL TZ TMPDIR RANDOM SECONDS LINENO PPID DISPLAY SSH_CLIENT SSH_CONNECTION SUDO_USER".split(
    " ",
  ),
);

/** Whether every shell hands it on to the programs that it starts, whoever set it. */
export function isAlwaysExported(name: string): boolean {
  return ENVIRONMENT.has(name);
}

/** iptables needs root, so whoever runs the script is root. */
const OF_ROOT: ReadonlyMap<string, string> = new Map([
  ["EUID", "0"],
  ["UID", "0"],
  ["USER", "root"],
  ["LOGNAME", "root"],
]);

/** What `$@` is where the script's arguments are not known. */
export const ALL_ARGUMENTS = "the script's arguments";

/** What `$0` and `$BASH_SOURCE` hold. Its last part is the script's name, its folder the script's own. */
export const OWN_PATH = "the name the script is called by";

/** The value of `$name`; `$@` and `$*` are lists and handled by the expander. */
export function parameterValue(expander: Expander, name: string): Value {
  if (/^[0-9]+$/.test(name)) return positionalValue(expander, Number(name));
  const target = expander.variables.nameOf(name);
  if (target !== name) return expander.variables.read(target);
  const value = expander.state.variable(name);
  const assumed =
    value === undefined || value.kind === "unknown" ? expander.assumed.valueOf(name) : undefined;
  if (assumed !== undefined) return known(assumed);
  if (value !== undefined) return value;
  if (expander.host.isDash && isUnsetInDash(name)) return UNSET;
  const special = specialValue(expander, name);
  if (special !== undefined) return special;
  const root = OF_ROOT.get(name);
  if (root !== undefined) return known(root);
  // What the script sets elsewhere it does not expect from outside.
  if (presumablyUnset(expander, name) && expander.host.assigns(name)) return UNSET;
  return unknown(expander.environmentFact(name));
}

/**
 * Whether a variable is set nowhere in sight and is none that every environment has. Then we take it
 * that nobody sets it, where the script itself provides for that (`${X:-eth0}`, `[ -z "$X" ]`).
 */
export function presumablyUnset(expander: Expander, name: string): boolean {
  return (
    /^[A-Za-z_]/.test(name) &&
    expander.state.variable(name) === undefined &&
    !expander.assumed.has(name) &&
    !OF_ROOT.has(name) &&
    !ENVIRONMENT.has(name) &&
    expander.outsideVariables === undefined
  );
}

function positionalValue(expander: Expander, number: number): Value {
  if (number === 0) return expander.state.option("zero") ?? unknown(OWN_PATH);
  const { fields, open } = expander.state.positional;
  const field = fields[number - 1];
  if (field) return field.unknown === undefined ? known(field.text) : unknown(field.unknown, field.fileName);
  if (!open) return UNSET;
  const assumed = expander.assumed.valueOf(String(number));
  return assumed === undefined ? unknown(`the positional parameter $${number}`) : known(assumed);
}

function specialValue(expander: Expander, name: string): Value | undefined {
  switch (name) {
    case "#": {
      const { fields, open } = expander.state.positional;
      return open && fields.length === 0
        ? unknown("how many arguments the script gets")
        : known(String(fields.length));
    }
    case "?": {
      const status = expander.lastStatus;
      if (status === true) return known("0");
      return status === false ? known(String(expander.lastCode)) : unknown(status.unknown);
    }
    case "FUNCNAME":
      return arrayOf(expander.host.callNames().map(known));
    case "BASH_SOURCE":
      return arrayOf([unknown(OWN_PATH)]);
    case "IFS":
      return known(" \t\n");
    case "OPTIND":
      return known("1");
    case "$":
      return unknown("the shell's $$", "$$");
    case "!":
    case "-":
    case "_":
      return unknown(`the shell's $${name}`);
    default:
      return undefined;
  }
}

/** `$@` as words; undefined when the arguments come from outside and are not known. */
export function positionalFields(expander: Expander): readonly Field[] | undefined {
  const { fields, open } = expander.state.positional;
  return open && fields.length === 0 ? undefined : fields;
}

/** `${X:-default}` and its relatives. `operand` evaluates the word behind the operator when needed. */
export function defaulted(
  operator: string,
  value: Value,
  unset: boolean,
  operand: () => Value,
  assign: (value: Value) => void,
  stop: () => void,
): Value {
  const empty = operator.startsWith(":") && value.kind === "known" && value.text === "";
  const missing = unset || value.kind === "unset" || empty;
  const kind = operator.replace(":", "");
  if (value.kind === "unknown" && !unset) {
    if (kind === "+") return unknown(value.reason);
    return value;
  }
  switch (kind) {
    case "-":
      return missing ? operand() : value;
    case "=": {
      if (!missing) return value;
      const result = operand();
      assign(result);
      return result;
    }
    case "+":
      return missing ? EMPTY : operand();
    default:
      if (!missing) return value;
      // Whoever asks for it means that somebody sets it.
      if (unset) return value;
      stop();
      return EMPTY;
  }
}
