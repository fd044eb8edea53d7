// Writes what the documentation repeats: what `check` prints for the example of each page, the tables of checks and of
// failure modes, the list of pages that the programs carry. All of it follows from server/src/checks/registry.ts and
// docs/checks/*.md; run it after changing those.
//
//   node scripts/generate-docs.mjs
import { writeFileSync } from "node:fs";
import { tsImport } from "tsx/esm/api";

const { generateDocs } = await tsImport("./docs/generate.ts", import.meta.url);

const stale = generateDocs().filter((file) => file.stale);
for (const { path, text } of stale) writeFileSync(new URL(`../${path}`, import.meta.url), text);
const names = stale.map(({ path }) => path).join(", ");
console.log(`generate: ${names === "" ? "the documentation is up to date" : names}`);
