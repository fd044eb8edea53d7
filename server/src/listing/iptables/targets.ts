import { parseInteger, parseMark, parseNumberRange, parsePort } from "../../syntax/iptables/values.ts";
import { savedHost } from "./addresses.ts";
import { hex } from "./formats.ts";
import type { Given, Save } from "./given.ts";
import { parseTos, tosText } from "./name-formats.ts";
import { saveRateestTarget } from "./rateest.ts";

const U32 = 0xffffffff;

/** mark = (mark & ~mask) ^ value: what all the ways to set a mark become. */
function xmark(given: Given): { value: number; mask: number } | undefined {
  const mark = (name: string) => parseMark(given.text(name) ?? "");
  if (given.has("set-xmark")) return mark("set-xmark");
  const set = mark("set-mark");
  if (set) return { value: set.value, mask: (set.mask | set.value) >>> 0 };
  const [and, or, xor] = ["and-mark", "or-mark", "xor-mark"].map((name) =>
    parseInteger(given.text(name) ?? "", U32),
  );
  if (and !== undefined) return { value: 0, mask: ~and >>> 0 };
  if (or !== undefined) return { value: or, mask: or };
  return xor === undefined ? undefined : { value: xor, mask: 0 };
}

const saveMark: Save = (given) => {
  const mark = xmark(given);
  return mark && [`--set-xmark ${hex(mark.value)}/${hex(mark.mask)}`];
};

const saveConnmark: Save = (given) => {
  const copy = ["save-mark", "restore-mark"].find((name) => given.has(name));
  const shift = ["left-shift-mark", "right-shift-mark"].flatMap((name) =>
    given.has(name) ? [`--${name} ${Number(given.text(name))}`] : [],
  );
  if (!copy) {
    const set = saveMark(given);
    return set && [...set, ...shift];
  }
  const mask = (name: string) => parseInteger(given.text(name) ?? given.text("mask") ?? "0xffffffff", U32);
  const [nfmask, ctmask] = [mask("nfmask"), mask("ctmask")];
  if (nfmask === undefined || ctmask === undefined) return undefined;
  return [`--${copy}`, `--nfmask ${hex(nfmask)}`, `--ctmask ${hex(ctmask)}`, ...shift];
};

const saveNfqueue: Save = (given) => {
  const balance = given.has("queue-balance")
    ? parseNumberRange(given.text("queue-balance") ?? "", 65535)
    : undefined;
  const number = parseInteger(given.text("queue-num") ?? "0", 65535);
  if (number === undefined || (given.has("queue-balance") && !balance)) return undefined;
  return [
    balance ? `--queue-balance ${balance[0]}:${balance[1]}` : `--queue-num ${number}`,
    ...(given.has("queue-bypass") ? ["--queue-bypass"] : []),
    ...(given.has("queue-cpu-fanout") ? ["--queue-cpu-fanout"] : []),
  ];
};

const saveTos: Save = (given) => {
  const set = parseTos(given.text("set-tos") ?? "");
  if (set) return [`--set-tos ${tosText(set.value, set.mask)}`];
  const [and, or, xor] = ["and-tos", "or-tos", "xor-tos"].map((name) =>
    parseInteger(given.text(name) ?? "", 255),
  );
  if (and !== undefined) return [`--set-tos ${tosText(0, ~and & 255)}`];
  if (or !== undefined) return [`--set-tos ${tosText(or, or)}`];
  return xor === undefined ? undefined : [`--set-tos ${tosText(xor, 0)}`];
};

const saveTproxy: Save = (given) => {
  const port = parsePort(given.text("on-port") ?? "");
  const ip = savedHost(given.text("on-ip") ?? (given.family === 4 ? "0.0.0.0" : "::"), given.family);
  const mark = parseMark(given.text("tproxy-mark") ?? "0/0");
  if (port === undefined || ip === undefined || !mark) return undefined;
  return [`--on-port ${port}`, `--on-ip ${ip}`, `--tproxy-mark ${hex(mark.value)}/${hex(mark.mask)}`];
};

/** HMARK's options in the order in which they are printed, with the digits of those in hexadecimal. */
const HMARK: readonly (readonly [name: string, digits?: number])[] = [
  ["hmark-src-prefix"],
  ["hmark-dst-prefix"],
  ["hmark-sport-mask", 4],
  ["hmark-dport-mask", 4],
  ["hmark-spi-mask", 8],
  ["hmark-sport", 4],
  ["hmark-dport", 4],
  ["hmark-spi", 8],
  ["hmark-proto-mask", 2],
  ["hmark-rnd", 8],
  ["hmark-mod"],
  ["hmark-offset"],
];

/** What a word of `--hmark-tuple` stands for. */
const HMARK_TUPLE: Readonly<Record<string, readonly [name: string, value: number]>> = {
  src: ["hmark-src-prefix", 32],
  dst: ["hmark-dst-prefix", 32],
  sport: ["hmark-sport-mask", 0xffff],
  dport: ["hmark-dport-mask", 0xffff],
  spi: ["hmark-spi-mask", U32],
  proto: ["hmark-proto-mask", 0xff],
};

const saveHmark: Save = (given) => {
  const values = new Map<string, number>();
  const tuple = (given.text("hmark-tuple") ?? "").split(",");
  for (const word of tuple) {
    const meant = Object.hasOwn(HMARK_TUPLE, word) ? HMARK_TUPLE[word] : undefined;
    if (meant) values.set(meant[0], given.family === 6 && meant[1] === 32 ? 128 : meant[1]);
  }
  for (const [name] of HMARK) {
    const value = parseInteger(given.text(name) ?? "", U32);
    if (value !== undefined) values.set(name, value);
    else if (given.has(name)) return undefined;
  }
  const parts = HMARK.flatMap(([name, digits]) => {
    const value = values.get(name);
    return value === undefined ? [] : [`--${name} ${digits ? hex(value, digits) : value}`];
  });
  return tuple.includes("ct") ? [...parts, "--hmark-tuple ct"] : parts;
};

/** Targets that print more than their options one by one. */
export const TARGET_SAVES: Readonly<Record<string, Save>> = {
  CONNMARK: saveConnmark,
  HMARK: saveHmark,
  MARK: saveMark,
  NFQUEUE: saveNfqueue,
  RATEEST: saveRateestTarget,
  TOS: saveTos,
  TPROXY: saveTproxy,
};
