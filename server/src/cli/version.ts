import manifest from "../../../package.json" with { type: "json" };

/** Of the program, as the package states it. */
export const VERSION: string = manifest.version;
