import type { PassingClass } from "../ftp/passing.ts";
import type { SimulatedSession } from "../ftp/simulate.ts";
import { IntervalSet } from "../model/interval-set.ts";
import { rangesOf, rangeText } from "../model/values.ts";
import { isSingle } from "../netfilter/box.ts";
import { addressTexts } from "./address-text.ts";

/** More classes of clients than these are summarised as one. */
const MOST_CLASSES = 16;

/** Which clients pass over which ports, as the contract's `classes`. */
export function passingEntries(session: SimulatedSession): object[] {
  const shown = session.passing.slice(0, MOST_CLASSES);
  const rest = session.passing.length - shown.length;
  return [
    ...shown.map((one) => ({
      clients: clientTexts(session, one) ?? "any",
      ports: one.ports.map(({ source, destination }) => portsEntry(session, source, destination)),
      ...(one.doubtful.length > 0 && {
        doubtful: one.doubtful.map(({ source, destination }) => portsEntry(session, source, destination)),
      }),
    })),
    ...(rest > 0 ? [{ clients: `${rest} more classes of clients` }] : []),
  ];
}

export function portsEntry(
  { mode }: Pick<SimulatedSession, "mode">,
  source: IntervalSet<number>,
  destination: IntervalSet<number>,
): object {
  return mode === "active"
    ? { sourcePorts: rangesOf(source), clientPorts: rangesOf(destination) }
    : { passivePorts: rangesOf(destination), clientPorts: rangesOf(source) };
}

/** Undefined: all clients that the scenario allows. */
function clientTexts(
  { family, scenario }: SimulatedSession,
  { clients }: PassingClass,
): string[] | undefined {
  const all = scenario.client as IntervalSet<never>;
  const isEveryone = all.isSubsetOf(clients as IntervalSet<never>) && !isSingle(scenario.client);
  return isEveryone ? undefined : addressTexts(clients, family);
}

/** The same for a reader: lines only where some clients or ports pass and others do not. */
export function passingLines(session: SimulatedSession): string[] {
  const { passing, mode } = session;
  if (passing.length === 0) return [];
  const isWhole = passing.length === 1 && (passing[0]!.ports.length === 0 || coversAll(session, passing[0]!));
  if (isWhole && passing.every((one) => one.doubtful.length === 0)) return [];
  const shown = passing.slice(0, MOST_CLASSES).map((one, at) => {
    const clients = clientTexts(session, one);
    const isRest = at > 0 && at === passing.length - 1;
    const noun = isSingle(one.clients) ? "client" : "clients";
    const named = isRest ? "everyone else" : `${noun} ${listed(clients ?? [])}`;
    const who = clients === undefined ? "any client" : named;
    const doubt = one.doubtful.length > 0 ? `; not certain: ${portsInWords(mode, one.doubtful)}` : "";
    const certain = one.ports.length > 0 ? portsInWords(mode, one.ports) : "nothing for certain";
    return `  ${who}: ${one.ports.length + one.doubtful.length > 0 ? certain : "nothing passes"}${doubt}`;
  });
  const rest = passing.length - shown.length;
  return [
    `${mode} over IPv${session.family} passes for`,
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more classes of clients`] : []),
  ];
}

function coversAll({ mode, scenario }: SimulatedSession, { ports }: PassingClass): boolean {
  const destinations = IntervalSet.unionOf(ports.map((one) => one.destination));
  const wanted = mode === "active" ? scenario.clientPorts : scenario.passivePorts;
  return ports.length === 1 && wanted.isSubsetOf(destinations);
}

function portsInWords(mode: SimulatedSession["mode"], ports: PassingClass["ports"]): string {
  const parts = ports.map(({ source, destination }) => {
    const to = rangesText(destination);
    if (mode === "active") return `from the server's port ${rangesText(source)} to the client's ${to}`;
    return `server ports ${to}`;
  });
  return [...new Set(parts)].join("; ");
}

const MOST_RANGES = 8;

function rangesText(ports: IntervalSet<number>): string {
  return listed(rangesOf(ports).map(rangeText));
}

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, MOST_RANGES).join(", ");
  return texts.length > MOST_RANGES ? `${shown} and ${texts.length - MOST_RANGES} more` : shown;
}
