import type { Save } from "./given.ts";

const DAY = 86_400;
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/** The last second that 32 bits hold: what is meant where no end is given, and what is then printed. */
const LAST_SECOND = 0x7fffffff;

export const saveTime: Save = (given) => {
  const start = secondOfDay(given.text("timestart") ?? "0:0");
  const stop = secondOfDay(given.text("timestop") ?? "23:59:59");
  const first = secondOfEpoch(given.text("datestart") ?? "1970");
  const last = given.has("datestop") ? secondOfEpoch(given.text("datestop") ?? "") : LAST_SECOND;
  const monthdays = numbersOf(given, "monthdays", 31, (word) => Number(word));
  const weekdays = numbersOf(given, "weekdays", 7, weekday);
  if (start === undefined || stop === undefined || first === undefined || last === undefined)
    return undefined;
  if (monthdays === "unreadable" || weekdays === "unreadable") return undefined;
  const local = given.has("kerneltz") || given.has("localtz");
  return [
    ...(start !== 0 || stop !== DAY - 1 ? [`--timestart ${clock(start)}`, `--timestop ${clock(stop)}`] : []),
    ...(monthdays ? [`--monthdays ${monthdays.join(",")}`] : []),
    ...(weekdays ? [`--weekdays ${weekdays.map((day) => WEEKDAYS[day - 1]).join(",")}`] : []),
    ...(first !== 0 ? [`--datestart ${date(first)}`] : []),
    `--datestop ${date(last)}`,
    ...(local ? ["--kerneltz"] : []),
    ...(given.has("contiguous") ? ["--contiguous"] : []),
  ];
};

function secondOfDay(text: string): number | undefined {
  const parts = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?$/.exec(text);
  return parts ? Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3] ?? 0) : undefined;
}

/** `YYYY[-MM[-DD[Thh[:mm[:ss]]]]]`, in UTC. */
function secondOfEpoch(text: string): number | undefined {
  const parts = /^(\d{4})(?:-(\d+)(?:-(\d+)(?:T(\d+)(?::(\d+)(?::(\d+))?)?)?)?)?$/.exec(text);
  if (!parts) return undefined;
  const [, year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  );
  return Date.UTC(year ?? 1970, month - 1, day, hour, minute, second) / 1000;
}

function weekday(word: string): number {
  if (/^\d$/.test(word)) return Number(word);
  return word.length < 2 ? 0 : WEEKDAYS.findIndex((name) => name.startsWith(word)) + 1;
}

/** The days of a list from 1 to `most`, sorted; the others where it is negated; undefined where it is all or not given. */
function numbersOf(
  given: Parameters<Save>[0],
  name: string,
  most: number,
  read: (word: string) => number,
): number[] | undefined | "unreadable" {
  const option = given.option(name);
  if (!option) return undefined;
  const wanted = (given.text(name) ?? "").split(",").map(read);
  if (wanted.some((day) => !(day >= 1 && day <= most))) return "unreadable";
  const all = Array.from({ length: most }, (_, i) => i + 1);
  const days = all.filter((day) => wanted.includes(day) !== option.negated);
  return days.length === most ? undefined : days;
}

function clock(seconds: number): string {
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, "0"))
    .join(":");
}

function date(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19);
}
