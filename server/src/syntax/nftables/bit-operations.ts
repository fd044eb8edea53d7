/** How nft's expressions join two numbers. */
export type BitOperation = "&" | "|" | "^" | "<<" | ">>";

/** `bits`: the width of the result, where it has one. */
export function joinBits(op: BitOperation, left: bigint, right: bigint, bits?: number): bigint {
  switch (op) {
    case "&":
      return left & right;
    case "|":
      return left | right;
    case "^":
      return left ^ right;
    case "<<": {
      const shifted = right < 128n ? left << right : 0n;
      return bits === undefined ? shifted : BigInt.asUintN(bits, shifted);
    }
    case ">>":
      return right < 128n ? left >> right : 0n;
  }
}
