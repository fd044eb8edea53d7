/** A script of about so many lines. */
export function longScript(lines: number): string;
