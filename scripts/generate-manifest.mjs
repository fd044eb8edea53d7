// Writes what the manifest says of the checks (the setting ftpFirewall.checks) from the one list of all codes.
//
//   node --import tsx scripts/generate-manifest.mjs [--check] [package.json]
//
// `--check` writes nothing and fails where the manifest says something else.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CODES } from "../server/src/checks/codes.ts";
import { CHECK_LEVELS } from "../server/src/settings.ts";

function checkSetting({ title, level }) {
  return {
    type: "string",
    enum: CHECK_LEVELS,
    markdownDescription: level === undefined ? `${title}.` : `${title}. By default \`${level}\`.`,
  };
}

/** @returns {string} The manifest with a `checks` block that names every code and nothing else. */
function withChecks(text) {
  const manifest = JSON.parse(text);
  const setting = manifest.contributes.configuration.properties["ftpFirewall.checks"];
  setting.additionalProperties = false;
  setting.properties = Object.fromEntries(CODES.map((code) => [code.code, checkSetting(code)]));
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

const wanted = process.argv.slice(2);
const [file = fileURLToPath(new URL("../package.json", import.meta.url))] = wanted.filter(
  (one) => one !== "--check",
);
const before = readFileSync(file, "utf8");
const after = withChecks(before);
if (!wanted.includes("--check")) {
  if (after !== before) writeFileSync(file, after);
} else if (after !== before) {
  console.error(`${file} does not say what the list of checks says: run \`npm run generate\``);
  process.exitCode = 1;
}
