import { parseInteger } from "../../syntax/iptables/values.ts";
import type { Given, Save } from "./given.ts";

/** tc's names for rates, in bits a second. */
const RATE_UNITS: Readonly<Record<string, number>> = {
  bit: 1,
  kbit: 1e3,
  mbit: 1e6,
  gbit: 1e9,
  kibit: 1024,
  mibit: 1024 ** 2,
  bps: 8,
  kbps: 8e3,
  mbps: 8e6,
  kibps: 8 * 1024,
  mibps: 8 * 1024 ** 2,
};

function bitsText(text: string | undefined): string | undefined {
  if (text === undefined) return "0bit";
  const parts = /^(\d+(?:\.\d+)?)([a-z]+)$/i.exec(text);
  const unit = RATE_UNITS[parts?.[2]?.toLowerCase() ?? ""];
  if (!parts || unit === undefined) return undefined;
  // Kept in whole bytes.
  const bits = Math.floor((Number(parts[1]) * unit) / 8) * 8;
  if (bits >= 1e9) return `${(bits / 1e6).toFixed(0)}Mbit`;
  return bits >= 1e6 ? `${(bits / 1e3).toFixed(0)}Kbit` : `${bits}bit`;
}

function packetsText(text: string | undefined): string | undefined {
  return parseInteger(text ?? "0", 0xffffffff)?.toString();
}

/** An estimator against a rate, or against another one; with `--rateest-delta` what is missing to a rate. */
export const saveRateestMatch: Save = (given) => {
  const compare = ["rateest-lt", "rateest-gt", "rateest-eq"].find((name) => given.has(name));
  const unit = given.has("rateest-bps1") || given.has("rateest-bps2") ? "bps" : "pps";
  const value = unit === "bps" ? bitsText : packetsText;
  const two = given.has("rateest2");
  const delta = given.has("rateest-delta");
  if (!compare) return undefined;
  const rate = (name: string, from: string): string[] | undefined => {
    const text = value(given.text(from));
    return text === undefined ? undefined : [`--${name} ${text}`];
  };
  const first = delta ? rate(`rateest-${unit}1`, `rateest-${unit}1`) : [];
  const second = delta
    ? rate(`rateest-${unit}2`, `rateest-${unit}2`)
    : two
      ? [`--rateest-${unit}`]
      : rate(`rateest-${unit}`, `rateest-${unit}1`);
  if (!first || !second) return undefined;
  return [
    ...(delta ? ["--rateest-delta"] : []),
    `--rateest${two ? "1" : ""} ${given.text("rateest") ?? ""}`,
    ...first,
    `${given.not(compare)}--${compare}`,
    ...second,
    ...(two ? [`--rateest2 ${given.text("rateest2") ?? ""}`] : []),
  ];
};

/** Microseconds. */
function duration(text: string | undefined): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)(s|secs?|ms|msecs?|us|usecs?)$/i.exec(text ?? "");
  if (!parts) return undefined;
  const unit = parts[2]?.toLowerCase() ?? "";
  return Number(parts[1]) * (unit.startsWith("m") ? 1e3 : unit.startsWith("u") ? 1 : 1e6);
}

function durationText(microseconds: number): string {
  if (microseconds >= 1e6) return `${(microseconds / 1e6).toFixed(1)}s`;
  return microseconds >= 1e3 ? `${(microseconds / 1e3).toFixed(1)}ms` : `${microseconds}us`;
}

/** The averaging time is kept as a power of two of the interval: the last whose weight is not too small for it. */
export function saveRateestTarget(given: Given): string[] | undefined {
  const interval = duration(given.text("rateest-interval"));
  const average = duration(given.text("rateest-ewmalog"));
  if (interval === undefined || average === undefined) return undefined;
  let power = 0;
  while (power < 31 && interval / -Math.log(1 - 2 ** -(power + 1)) <= average) power++;
  return [
    `--rateest-name ${given.text("rateest-name") ?? ""}`,
    `--rateest-interval ${durationText(interval)}`,
    `--rateest-ewmalog ${durationText(interval * 2 ** power)}`,
  ];
}
