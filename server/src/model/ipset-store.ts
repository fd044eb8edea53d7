import type { ProblemCode } from "../text/problem.ts";
import type { IpsetChange, IpsetElement, IpsetType } from "./ipset.ts";
import type { KnownIpset } from "./ipset-condition.ts";
import { holdsSome, withoutElement } from "./ipset-elements.ts";
import type { Presence } from "./rule.ts";

interface Draft {
  readonly type: IpsetType;
  readonly signature: string;
  /** By what they hold, so that a second one of the same is found at once. */
  elements: Map<string, IpsetElement>;
  doubt?: string;
  more?: string;
}

export interface IpsetProblem {
  readonly code: ProblemCode;
  readonly message: string;
}

/** Beyond that many entries nobody looks whether a range meets one that is there already. */
const MOST_COMPARED = 2000;

/**
 * The ipsets of a host, which starts without any: one name space for both families. What `ipset` refuses changes
 * nothing (kernel: net/netfilter/ipset/ip_set_core.c).
 */
export class IpsetStore {
  readonly #sets = new Map<string, Draft>();
  /** Something fills sets in ways that are not known; also those that are made elsewhere. */
  #doubt: string | undefined;

  find(name: string): KnownIpset | undefined {
    const set = this.#sets.get(name);
    if (set === undefined) return undefined;
    const { type, doubt, more } = set;
    return { type, doubt, more, elements: [...set.elements.values()] };
  }

  typeOf(name: string): IpsetType | undefined {
    return this.#sets.get(name)?.type;
  }

  /** Whether nothing that is not known may have made a set. */
  isComplete(): boolean {
    return this.#doubt === undefined;
  }

  /** `isUsed`: whether a rule names the set, so that it can neither go nor be renamed. */
  apply(change: IpsetChange, presence: Presence, isUsed: (set: string) => boolean): IpsetProblem | undefined {
    const maybe = presence === "certain" ? undefined : presence.maybe;
    switch (change.do) {
      case "create":
        return this.#create(change, maybe);
      case "add":
      case "delete":
        return this.#changeElements(change, maybe);
      case "flush":
        return this.#flush(change.set, maybe);
      case "destroy":
        return this.#destroy(change.set, maybe, isUsed);
      case "swap":
      case "rename":
        return this.#exchange(change, maybe, isUsed);
      case "unknown":
        return this.#lose(change, maybe);
    }
  }

  #create(change: IpsetChange & { do: "create" }, maybe: string | undefined): IpsetProblem | undefined {
    const { set: name, type, signature, exist } = change;
    const before = this.#sets.get(name);
    if (before === undefined) {
      const doubt = maybe ?? this.#doubt;
      this.#sets.set(name, { type, signature, elements: new Map(), ...(doubt !== undefined && { doubt }) });
      return undefined;
    }
    if (maybe !== undefined || before.doubt !== undefined || (exist && before.signature === signature))
      return undefined;
    const how = exist ? "with another type or other options" : "already";
    const message = `The ipset ${name} exists ${how}, and ipset refuses to create it again. ${
      exist ? "Use another name" : "Destroy it first, or write -exist"
    }.`;
    return { code: "set-exists", message };
  }

  #changeElements(
    change: IpsetChange & { do: "add" | "delete" },
    maybe: string | undefined,
  ): IpsetProblem | undefined {
    const set = this.#sets.get(change.set);
    if (set === undefined) return this.#missing(change.set, maybe);
    if (maybe !== undefined) {
      if (change.do === "add") set.more ??= maybe;
      else set.doubt ??= maybe;
      return undefined;
    }
    for (const element of change.elements) {
      if (change.do === "add") add(set, element, change.exist);
      else remove(set, element);
    }
    return undefined;
  }

  #flush(name: string | undefined, maybe: string | undefined): IpsetProblem | undefined {
    if (name !== undefined && !this.#sets.has(name)) return this.#missing(name, maybe);
    for (const set of this.#named(name)) {
      if (maybe !== undefined) set.doubt ??= maybe;
      else {
        set.elements = new Map();
        delete set.doubt;
        delete set.more;
      }
    }
    return undefined;
  }

  #destroy(
    name: string | undefined,
    maybe: string | undefined,
    isUsed: (set: string) => boolean,
  ): IpsetProblem | undefined {
    if (name !== undefined && !this.#sets.has(name)) return this.#missing(name, maybe);
    const names = name === undefined ? [...this.#sets.keys()] : [name];
    const used = names.find((one) => isUsed(one) || this.#isMember(one));
    if (used !== undefined) {
      if (name === undefined || maybe !== undefined || this.#sets.get(name)?.doubt !== undefined)
        return undefined;
      const message = `A rule or a list uses the ipset ${used}, so ipset refuses to destroy it. Take away what uses it first.`;
      return { code: "set-in-use", message };
    }
    for (const one of names) {
      const set = this.#sets.get(one);
      if (maybe === undefined) this.#sets.delete(one);
      else if (set) set.doubt ??= maybe;
    }
    return undefined;
  }

  /** Rules go by the name: after `swap` they see the other content. */
  #exchange(
    { do: what, set: name, other }: IpsetChange & { do: "swap" | "rename" },
    maybe: string | undefined,
    isUsed: (set: string) => boolean,
  ): IpsetProblem | undefined {
    const one = this.#sets.get(name);
    const two = this.#sets.get(other);
    if (one === undefined) return this.#missing(name, maybe);
    if (what === "swap" && two === undefined) return this.#missing(other, maybe);
    if (maybe !== undefined) {
      for (const set of [one, two]) if (set) set.doubt ??= maybe;
      return undefined;
    }
    if (what === "rename" && (two !== undefined || isUsed(name))) return undefined;
    if (two !== undefined && (two.type.name !== one.type.name || two.type.family !== one.type.family)) {
      const message = `The ipsets ${name} and ${other} are of different types, and ipset refuses to swap them.`;
      return { code: "key-mismatch", message };
    }
    this.#sets.delete(name);
    if (two !== undefined) this.#sets.set(name, two);
    this.#sets.set(other, one);
    return undefined;
  }

  #lose(
    { set: name, fact, adds }: IpsetChange & { do: "unknown" },
    maybe: string | undefined,
  ): IpsetProblem | undefined {
    if (name === undefined) this.#doubt ??= fact;
    else if (!this.#sets.has(name)) return this.#missing(name, maybe);
    for (const set of this.#named(name)) {
      if (adds) set.more ??= fact;
      else set.doubt ??= fact;
    }
    return undefined;
  }

  #missing(name: string, maybe: string | undefined): IpsetProblem | undefined {
    if (maybe !== undefined || this.#doubt !== undefined) return undefined;
    const message = `There is no ipset ${name} at this point, so ipset refuses this.`;
    return { code: "undefined-set", message };
  }

  #isMember(name: string): boolean {
    return [...this.#sets.values()].some(
      (set) => set.type.parts[0] === "set" && set.elements.has(keyOf({ member: name })),
    );
  }

  #named(name: string | undefined): Draft[] {
    if (name === undefined) return [...this.#sets.values()];
    const set = this.#sets.get(name);
    return set === undefined ? [] : [set];
  }
}

function add(set: Draft, element: IpsetElement, exist: boolean): void {
  const key = keyOf(element);
  if (set.elements.has(key) && !exist) return;
  // `ipset add foo 10.0.0.0/24` stops at the first address that is there (measured).
  const isRange = element.values.some(({ bounds }) => isMany(bounds));
  if (isRange && !exist && element.prefixes.length === 0 && set.elements.size < MOST_COMPARED) {
    if (holdsSome([...set.elements.values()], element)) {
      set.more ??= "how far ipset gets with a range of which a part is there already";
      return;
    }
  }
  set.elements.set(key, element);
}

function remove(set: Draft, element: IpsetElement): void {
  if (set.elements.delete(keyOf(element)) && element.prefixes.length > 0) return;
  const left = withoutElement([...set.elements.values()], element);
  set.elements = new Map(left.map((one) => [keyOf(one), one]));
}

function isMany(bounds: readonly unknown[]): boolean {
  const [low, end] = bounds;
  if (bounds.length > 2) return true;
  if (typeof low === "number") return (end as number) - low > 1;
  return typeof low === "bigint" && (end as bigint) - low > 1n;
}

function keyOf(element: Partial<IpsetElement>): string {
  const values = (element.values ?? []).map(({ bounds }) => bounds.join("-")).join(" ");
  return `${element.member ?? ""} ${element.icmp ?? false} ${(element.prefixes ?? []).join()} ${values}`;
}
