/** Does something with each number, a few at a time. */
export async function inLanes(
  numbers: readonly number[],
  lanes: number,
  action: (number: number) => Promise<void>,
): Promise<void> {
  const left = [...numbers];
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await action(next);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** An option's whole number from `least` on; `refuse` ends the program with what is wrong. */
export function wholeNumber(
  option: string,
  text: string | undefined,
  least: number,
  refuse: (why: string) => never,
): number {
  const value = Number(text);
  return Number.isInteger(value) && value >= least
    ? value
    : refuse(`--${option} takes a number from ${least} on`);
}
