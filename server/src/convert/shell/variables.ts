import type { ArithmeticExpression, ShellWord, WordPart } from "../../syntax/shell/shell-file.ts";
import { type ArithmeticHost, evaluate, evaluateText, type Outcome, toValue } from "./arithmetic.ts";
import { type ArrayValue, asArray, elementAt, nextIndex, withElement } from "./array-value.ts";
import type { Expander } from "./expand.ts";
import { parameterValue } from "./parameters.ts";
import type { State } from "./state.ts";
import { excerpt, known, unknown, type Value } from "./value.ts";

/** Variables and elements of arrays by their names, and the arithmetic that works with them. */
export class Variables implements ArithmeticHost {
  readonly #expander: Expander;
  readonly #state: State;

  constructor(expander: Expander) {
    this.#expander = expander;
    this.#state = expander.state;
  }

  expand(parts: readonly WordPart[], text: string): Value {
    return this.#expander.expand(parts, text);
  }

  arithmetic(expression: ArithmeticExpression | undefined): Outcome {
    return evaluate(this, expression);
  }

  arithmeticText(text: string): Outcome {
    return evaluateText(this, text);
  }

  /** A word that is a number, as in `${x:1:n}`; a text says why it is not known. */
  number(word: ShellWord): number | string {
    const value = this.#expander.value(word);
    if (value.kind === "unknown") return value.reason;
    const outcome = evaluateText(this, value.kind === "known" ? value.text : "");
    if ("number" in outcome) return Number(outcome.number);
    return "unknown" in outcome ? outcome.unknown : `the result of ${excerpt(word.text)}`;
  }

  /** An array's key: a number, or any text where it has keys. */
  key(array: ArrayValue, index: ShellWord): Value {
    const value = this.#expander.value(index);
    if (array.keyed || value.kind === "unknown") return value;
    const outcome = evaluateText(this, value.kind === "known" ? value.text : "");
    if (!("number" in outcome) || outcome.number >= 0n) return toValue(outcome, index.text);
    return known(String(nextIndex(array) + Number(outcome.number)));
  }

  /** `array[index]` or a variable, by a name that may be made while the script runs. */
  read(name: string): Value {
    const [, variable, index] = /^(\w+)\[(.*)\]$/s.exec(name) ?? [];
    if (variable === undefined || index === undefined) return parameterValue(this.#expander, name);
    return this.#elementNamed(variable, index);
  }

  #elementNamed(variable: string, index: string): Value {
    const value = this.#state.variable(variable);
    const array = asArray(value);
    if (value === undefined || array === undefined) return parameterValue(this.#expander, variable);
    const key = this.#keyText(array, index);
    return key.kind === "known" ? elementAt(array, key.text) : key;
  }

  #keyText(array: ArrayValue, index: string): Value {
    return array.keyed ? known(index) : toValue(evaluateText(this, index), index);
  }

  write(name: string, value: Value): void {
    const [, variable, index] = /^(\w+)\[(.*)\]$/s.exec(name) ?? [];
    if (variable === undefined || index === undefined) this.#state.setVariable(name, value);
    else {
      const array = asArray(this.#state.variable(variable));
      const key = array && this.#keyText(array, index);
      this.#setElement(variable, array, key, value);
    }
  }

  /** `declare -n alias=name`: the variable that a name stands for. */
  nameOf(name: string): string {
    const target = this.#state.option(`name ${name}`);
    return target?.kind === "known" ? target.text : name;
  }

  /** Sets a variable or, with an index, an element of an array. */
  assign(name: string, index: ShellWord | undefined, value: Value): void {
    if (index === undefined) {
      this.#state.setVariable(name, value);
      return;
    }
    const array = asArray(this.#state.variable(name));
    this.#setElement(name, array, array && this.key(array, index), value);
  }

  #setElement(name: string, array: ArrayValue | undefined, key: Value | undefined, value: Value): void {
    const isKnown = array !== undefined && key?.kind === "known" && (array.keyed || /^\d+$/.test(key.text));
    this.#state.setVariable(
      name,
      isKnown
        ? withElement(array, key.text, value)
        : unknown(key?.kind === "unknown" ? key.reason : `the contents of the array ${name}`),
    );
  }
}
