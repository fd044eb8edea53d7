/**
 * The documentation page of each check, by its code. Bundled with the program, so that it needs no file beside it;
 * a test compares the list with docs/checks.
 */
export const PAGES: Readonly<Record<string, string>> = {};
