/** What one option, keyword or value means. `text` is Markdown, one to four sentences. */
export interface ReferenceEntry {
  readonly key: string;
  readonly text: string;
  /** Where it is defined: a man page, an RFC or a file of the kernel. */
  readonly source: string;
}

/** The words of one area ("iptables core options", "nft ct keys"), by key. */
export type Area = ReadonlyMap<string, ReferenceEntry>;

/** A text that has another source than the rest of its area. */
type Text = string | readonly [text: string, source: string];

/** Builds an area from `key: text` pairs; `source` holds for all that name none themselves. */
export function area(source: string, texts: Readonly<Record<string, Text>>): Area {
  return new Map(
    Object.entries(texts).map(([key, text]) => {
      const entry =
        typeof text === "string" ? { key, text, source } : { key, text: text[0], source: text[1] };
      return [key, entry];
    }),
  );
}
