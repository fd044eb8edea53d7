/** Which rule of a chain stands where, as far as the file tells their handles. */
export class RulePositions {
  readonly #chains = new Map<string, (number | undefined)[]>();

  /** The handles of a chain's rules in order; undefined where the file does not tell. */
  rules(chain: string): (number | undefined)[] {
    let rules = this.#chains.get(chain);
    if (!rules) {
      rules = [];
      this.#chains.set(chain, rules);
    }
    return rules;
  }

  append(chain: string, handle: number | undefined): void {
    this.rules(chain).push(handle);
  }

  insert(chain: string, index: number, handle: number | undefined): void {
    this.rules(chain).splice(index, 0, handle);
  }

  remove(chain: string, index: number): void {
    this.rules(chain).splice(index, 1);
  }

  /** The zero-based index of the rule with this handle. */
  find(chain: string, handle: number): number | undefined {
    const index = this.rules(chain).indexOf(handle);
    return index < 0 ? undefined : index;
  }

  /** Forgets the rules of all chains whose key starts with `prefix`. */
  clear(prefix: string): void {
    for (const key of this.#chains.keys()) if (key.startsWith(prefix)) this.#chains.delete(key);
  }
}
