import { parseInteger } from "../../syntax/iptables/values.ts";

const hex = (text: string): string | undefined => {
  const value = parseInteger(text, 0xffffffff);
  return value === undefined ? undefined : `0x${value.toString(16)}`;
};

/** The tests of `-m u32` with every number in hexadecimal and without blanks, in quotes. */
export function savedU32(text: string): string | undefined {
  const tests = text.replace(/\s+/g, "").split("&&").map(oneTest);
  return tests.includes(undefined) ? undefined : `"${tests.join("&&")}"`;
}

/** `location = value[:value],…`, the location a chain of numbers and `& << >> @`. */
function oneTest(text: string): string | undefined {
  const parts = /^([^=]+)=([^=]+)$/.exec(text);
  const location = parts?.[1]?.split(/(&|<<|>>|@)/).map((part, i) => (i % 2 === 0 ? hex(part) : part));
  const ranges = parts?.[2]?.split(",").map((range) => {
    const ends = range.split(":").map(hex);
    return ends.length > 2 || ends.includes(undefined) ? undefined : ends.join(":");
  });
  if (!location || !ranges || location.includes(undefined) || ranges.includes(undefined)) return undefined;
  return `${location.join("")}=${ranges.join(",")}`;
}

/** `-m bpf --bytecode`: as many instructions as the first number says. */
export function savedBytecode(text: string): string | undefined {
  const [count = "", ...instructions] = text
    .trim()
    .replace(/,$/, "")
    .split(",")
    .map((part) => part.trim());
  const read = instructions.every((one) => /^\d+ \d+ \d+ \d+$/.test(one));
  return read && Number(count) === instructions.length
    ? `"${[count, ...instructions].join(",")}"`
    : undefined;
}
