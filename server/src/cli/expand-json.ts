import type { Expansion } from "../features/expand/expand.ts";
import type { ListingLine } from "../listing/listing.ts";
import { placeOf } from "../service.ts";
import type { Frame } from "../text/origin.ts";
import type { Places } from "./places.ts";

/** The contract's document for `expand --format json`. */
export function expandDocument({ listings, unknowns, notes }: Expansion, places: Places): object {
  return {
    version: 1,
    listings: listings.map(({ tool, lines }) => ({
      tool,
      lines: lines.map((line) => lineEntry(line, places)),
    })),
    unknown: unknowns.map(({ fact, origin }) => ({ fact, at: places.of(placeOf(origin)) })),
    notes,
  };
}

function lineEntry({ text, origin, doubt }: ListingLine, places: Places): object {
  const via = origin?.frames.map((frame) => frameEntry(frame, places)) ?? [];
  return {
    text,
    ...(origin && { at: places.of(placeOf(origin)) }),
    ...(via.length > 0 && { via }),
    ...(doubt !== undefined && { doubt }),
  };
}

/** Outermost first. `value`: what the loop's variable holds, the call's arguments. */
function frameEntry({ kind, name, file, at, detail }: Frame, places: Places): object {
  const value = kind === "loop" && detail?.startsWith(`${name}=`) ? detail.slice(name.length + 1) : detail;
  return {
    kind,
    name,
    ...(value !== undefined && { value }),
    at: places.of({ path: file, span: at }),
  };
}
