import type { Family, Table } from "../../model/ruleset.ts";
import type { Field, Headers } from "./fields.ts";
import { HEADERS, type Layer } from "./headers.ts";
import { notListed } from "./text.ts";
import { limited, type Variables } from "./values.ts";

/** A statement of a rule as nft prints it, with what decides whether it is shown and where. */
export interface Shown {
  readonly text: string;
  readonly fields: readonly Field[];
  /** Comparisons and verdicts leave what was known of the headers; other statements end it. */
  readonly ends: boolean;
  /** It tells which header a layer has, so that it may go without saying behind it. */
  readonly pins?: Pin;
  /** A comparison of one field with one value: the kernel loads neighbouring fields at once. */
  readonly plain?: Field;
  /** What it reads like where that happens, if not the same: a flag becomes the value of all flags. */
  readonly joined?: string;
  /** It makes the knowledge of this layer's header superfluous (reject). */
  readonly implies?: Layer;
}

export interface Pin {
  readonly layer: Layer;
  readonly header: string | undefined;
  /** Of `icmp type X`: what `icmp mtu` and such imply. */
  readonly type?: bigint;
}

/** What a rule's parts are read with: names, and what is known of the packet so far. */
export class RuleScope {
  readonly family: Family;
  readonly variables: Variables;
  readonly chain: (written: string) => string;
  readonly table: Table | undefined;
  readonly shown: Shown[] = [];
  known: { -readonly [layer in keyof Headers]: Headers[layer] };
  /** What `icmp type` has been compared with. */
  icmpType: bigint | "some" | undefined;
  /** Sets without a name, inline chains and their rules: each has a handle of the table. */
  anonymous = 0;
  /** Headers that nft asks for before everything else, as something behind needs them. */
  readonly front: readonly Pin[];
  /** Those that turned out to be needed so, besides: the rule has to be read again with them. */
  readonly missing: Pin[] = [];
  /** Why the text is not known in all its parts, though it is given. */
  doubt: string | undefined;
  #pending: Shown[] = [];

  constructor(
    family: Family,
    variables: Variables,
    chain: (written: string) => string,
    table: Table | undefined,
    front: readonly Pin[] = [],
  ) {
    this.family = family;
    this.variables = limited(variables);
    this.chain = chain;
    this.table = table;
    this.known = { ...initialHeaders(family) };
    this.front = front;
    for (const { layer, header } of front) if (header) this.#know(layer, header);
    this.shown.push(...this.#pending.splice(0));
  }

  /** The header has to be known from the rule's start. */
  needInFront(layer: Layer, header: string): void {
    if (this.known[layer] !== undefined) return;
    // nft 1.0.6 then asks for raw bytes in the wrong place of the packet.
    const { ll } = this.known;
    if (layer === "nh" && ll !== undefined && !(ll === "ether" && this.family === "bridge"))
      notListed("how nft asks for the packet's family here");
    this.known[layer] = header;
    this.missing.push({ layer, header });
  }

  /** A field is about to be used: what that implies is shown before the statement, or goes without saying. */
  learn(field: Field): void {
    const { layer, header } = field;
    if (!layer || !header || header === "th" || field.elsewhere === "anywhere") return;
    if (field.elsewhere === "in front") {
      this.needInFront(layer, header);
      return;
    }
    const network = header === "icmp" ? "ip" : header === "icmpv6" ? "ip6" : undefined;
    if (network && this.known.nh === undefined && this.known.th !== header) this.#know("nh", network);
    this.#know(layer, header);
    if (header === "icmp" || header === "icmpv6") this.#knowType(field, header);
  }

  #know(layer: Layer, header: string): void {
    if (this.known[layer] === header) return;
    // A protocol below the other family's header is nft's to refuse; here nothing more is to be shown.
    const fixed = this.family === "ip" || this.family === "ip6" || this.family === "arp";
    if (layer === "nh" && fixed) return;
    if (layer === "ll" && header === "ether" && this.known.ll === "vlan") return;
    const pins = { layer, header };
    this.#pending.push({ ...dependency(layer, header, this), pins, ends: false });
    this.known[layer] = header;
  }

  #knowType(field: Field, header: "icmp" | "icmpv6"): void {
    const needed = NEEDED_TYPE[field.text];
    if (needed === undefined || this.icmpType !== undefined) return;
    this.icmpType = needed;
    const fields = [HEADERS.get(header)!.fields.get("type")!];
    const { type } = fields[0]!;
    const of: Field = { text: `${header} type`, type, layer: "th", header, offset: 0, bits: 8 };
    if (needed === "some") {
      this.anonymous++;
      const [a, b] = header === "icmp" ? [0n, 8n] : [128n, 129n];
      const text = `${of.text} { ${type.print(a)}, ${type.print(b)} }`;
      this.#pending.push({ text, fields: [of], ends: false });
      return;
    }
    const text = `${of.text} ${type.print(needed)}`;
    this.#pending.push({
      text,
      fields: [of],
      ends: false,
      plain: of,
      pins: { layer: "th", header, type: needed },
    });
  }

  show(statement: Shown): void {
    this.shown.push(...this.#pending.splice(0), statement);
  }
}

/** Fields of ICMP that only some types have; two types: "some". */
const NEEDED_TYPE: Readonly<Record<string, bigint | "some">> = {
  "icmp id": "some",
  "icmp sequence": "some",
  "icmp mtu": 3n,
  "icmp gateway": 5n,
  "icmpv6 id": "some",
  "icmpv6 sequence": "some",
  "icmpv6 mtu": 2n,
  "icmpv6 parameter-problem": 4n,
  "icmpv6 max-delay": 130n,
};

function initialHeaders(family: Family): Headers {
  switch (family) {
    case "ip":
    case "ip6":
    case "arp":
      return { nh: family };
    case "bridge":
      return { ll: "ether" };
    default:
      return {};
  }
}

function dependency(
  layer: Layer,
  header: string,
  { family, known }: RuleScope,
): Pick<Shown, "text" | "fields" | "plain"> {
  if (layer === "th") return { text: `meta l4proto ${header}`, fields: [] };
  if (layer === "ll") {
    if (header === "ether") return { text: "meta iiftype ether", fields: [] };
    return linkType("ether", "8021q");
  }
  if (known.ll === "vlan") return linkType("vlan", header);
  if (family !== "bridge" && known.ll === "ether") return linkType("ether", header);
  if (family === "inet") return { text: `meta nfproto ipv${header === "ip6" ? 6 : 4}`, fields: [] };
  return { text: `meta protocol ${header}`, fields: [] };
}

function linkType(link: "ether" | "vlan", value: string): Pick<Shown, "text" | "fields" | "plain"> {
  const { offset, bits, type } = HEADERS.get(link)!.fields.get("type")!;
  const plain: Field = { text: `${link} type`, type, layer: "ll", header: link, offset, bits, names: "nh" };
  return { text: `${link} type ${value}`, fields: link === "ether" ? [plain] : [], plain };
}
