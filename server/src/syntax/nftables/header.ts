import type { Cursor } from "./cursor.ts";
import { FAMILIES, RESERVED_NAMES } from "./keywords.ts";
import type { BlockNoun, NamePart, ObjectName } from "./tree.ts";

/** `table`, `chain`, `ct helper` …; undefined when the cursor stands on something else. */
export function takeBlockNoun(cursor: Cursor): BlockNoun | undefined {
  const { kind, text } = cursor.token;
  if (kind !== "word") return undefined;
  if (text === "ct") {
    const { text: object } = cursor.peek();
    if (object !== "helper" && object !== "timeout" && object !== "expectation") return undefined;
    cursor.next();
    cursor.next();
    return `ct ${object}`;
  }
  if (!PLAIN_NOUNS.has(text)) return undefined;
  cursor.next();
  return text as BlockNoun;
}

const PLAIN_NOUNS = new Set(
  "table chain set map flowtable counter quota limit synproxy secmark tunnel".split(" "),
);

export function takeFamily(cursor: Cursor): NamePart | undefined {
  const { kind, text, start, end } = cursor.token;
  if (kind !== "word" || !FAMILIES.has(text)) return undefined;
  cursor.next();
  return { text, span: { start, end } };
}

/** A name that is declared or referred to; a reserved word is refused as nft refuses it. */
export function readIdentifier(cursor: Cursor, what: string): NamePart {
  const { kind, text, start, end } = cursor.token;
  if (kind === "template") {
    cursor.next();
    return { text, span: { start, end } };
  }
  if (kind === "word" && RESERVED_NAMES.has(text)) {
    throw cursor.error(
      `"${text}" is a reserved word of nft and cannot be ${what}: nft refuses the file. Choose another name.`,
    );
  }
  if (kind === "word" && !/^[A-Za-z_\\/.]/.test(text)) throw cursor.unexpected(what);
  return cursor.name(what);
}

/** `[family] TABLE` or `[family] TABLE NAME`, or `handle N` in place of the last name. */
export function readTarget(cursor: Cursor, noun: string, inTable: boolean): ObjectName {
  if (inTable) return { name: readIdentifier(cursor, `the name of a ${noun}`) };
  const family = takeFamily(cursor);
  if (noun === "table") return { family, ...nameOrHandle(cursor, noun) };
  const table = readIdentifier(cursor, "the name of a table");
  if (cursor.done && noun !== "set") {
    throw cursor.error(
      `A ${noun} belongs to a table: put "table inet NAME { … }" around it, or write the table's family and name before "${table.text}".`,
    );
  }
  return { family, table, ...nameOrHandle(cursor, noun) };
}

function nameOrHandle(cursor: Cursor, noun: string): Pick<ObjectName, "name" | "handle"> {
  if (cursor.takeWord("handle")) return { handle: cursor.number("the handle's number") };
  return { name: readIdentifier(cursor, `the name of a ${noun}`) };
}
