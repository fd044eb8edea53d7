import { generate, generateNat, type RandomHost } from "./generate.ts";

export interface NumberedHost {
  readonly number: number;
  readonly host: RandomHost;
}

/**
 * The rulesets of a seed that name the control port, from a number on. The sessions are plain: what a client or a server
 * does in another way is not in the rules, and a fix cannot know of it.
 */
export function rulesetsToFix(
  seed: number,
  { nat, count, from = 0 }: { readonly nat: boolean; readonly count: number; readonly from?: number },
): NumberedHost[] {
  const found: NumberedHost[] = [];
  for (let number = from; found.length < count; number++) {
    const { session: _, ...host } = nat ? generateNat(seed, number) : generate(seed, number);
    if (namesControlPort(host)) found.push({ number, host });
  }
  return found;
}

/** Some rule has the port for its destination, alone or in a list. */
export function namesControlPort({ files }: RandomHost): boolean {
  return files.some(({ text }) => /dport.*(?<![\d.:-])(21|ftp)(?![\d.:-])/.test(text));
}
