import type { Random } from "../../kernel/random/seeded.ts";

/** What a variable holds, so that a rule made with it makes sense. */
export type Kind =
  | "port"
  /** A whole number from 1 to 9. */
  | "number"
  | "net"
  | "interface"
  | "protocol"
  /** One to three words; always to be quoted. */
  | "words"
  /** Ports with blanks between them. */
  | "ports"
  /** Ports with commas between them. */
  | "commas"
  /** port,address,port */
  | "triple"
  /** Any of an array's elements is a port. */
  | "array"
  /** A port by each of `MAP_KEYS`. */
  | "map";

export const MAP_KEYS = ["ftp", "ssh", "web"] as const;

export interface Variable {
  readonly name: string;
  readonly kind: Kind;
  /** It may not be assigned to: a loop counts with it, or it is read-only. */
  readonly fixed?: boolean;
}

export interface Function {
  readonly name: string;
  readonly parameters: readonly Kind[];
}

/** What is certainly defined at a place of the script. */
export class Scope {
  readonly random: Random;
  readonly bash: boolean;
  readonly variables: Variable[] = [];
  readonly functions: Function[] = [];
  /** Chains of iptables' table filter that the script may have made: their names. */
  readonly chains: string[] = [];
  /** Files of the workspace. */
  readonly files: Record<string, string> = {};
  loops = 0;
  depth = 0;
  inFunction = false;
  /** Statements that may still be written. */
  left: number;
  #names = 0;

  constructor(random: Random, bash: boolean, statements: number) {
    this.random = random;
    this.bash = bash;
    this.left = statements;
  }

  fresh(...bases: readonly string[]): string {
    return `${this.random.pick(bases)}${++this.#names}`;
  }

  add(variable: Variable): void {
    this.variables.push(variable);
  }

  of(kind: Kind): Variable[] {
    return this.variables.filter((one) => one.kind === kind);
  }

  /** What `body` defines is not certain afterwards. */
  inside<T>(body: () => T): T {
    const variables = this.variables.length;
    const functions = this.functions.length;
    this.depth++;
    try {
      return body();
    } finally {
      this.depth--;
      this.variables.length = variables;
      this.functions.length = functions;
    }
  }
}
