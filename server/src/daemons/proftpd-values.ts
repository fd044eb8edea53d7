import type { Setting } from "./proftpd-blocks.ts";

export function argument({ directive }: Setting): string {
  return directive.args[0]?.text ?? "";
}

/** str.c, pr_str_is_boolean. */
export function readBoolean(value: string): boolean | undefined {
  if (/^(on|yes|true|1)$/i.test(value)) return true;
  return /^(off|no|false|0)$/i.test(value) ? false : undefined;
}

/** `data` and `!data` are about the data connections alone. */
export function forcesTls(value: string): boolean {
  return readBoolean(value) ?? /^(control|ctrl|both|auth|(ctrl|auth)\+!?data)$/.test(value);
}

export function atoi(text: string): number {
  return Number(/^\s*([+-]?\d+)/.exec(text)?.[1] ?? 0);
}
