// Makes ftp-firewall-VERSION.vsix. VS Code's page of an installed extension shows no picture and follows no link that
// is relative, so its README and its changes are the project's without them.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { projectRoot } from "./vscode-host/install.mjs";

const RELATIVE = "\\((?!https?:|#)[^)]*\\)";

/** @returns {string} Markdown without relative pictures, and with the text of relative links instead of the links. */
function withoutRelativeLinks(markdown) {
  return markdown
    .replace(new RegExp(`^!\\[[^\\]]*\\]${RELATIVE}\\n+`, "gm"), "")
    .replace(new RegExp(`!\\[[^\\]]*\\]${RELATIVE}`, "g"), "")
    .replace(new RegExp(`\\[([^\\]]*)\\]${RELATIVE}`, "g"), "$1");
}

const { name, version } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
const folder = join("out", "package");
mkdirSync(join(projectRoot, folder), { recursive: true });
for (const file of ["README.md", "CHANGELOG.md"]) {
  const text = readFileSync(join(projectRoot, file), "utf8");
  writeFileSync(join(projectRoot, folder, file), withoutRelativeLinks(text));
}

const vsce = createRequire(import.meta.url).resolve("@vscode/vsce/vsce");
const { status } = spawnSync(
  process.execPath,
  [
    vsce,
    "package",
    "--no-dependencies",
    "--allow-missing-repository",
    `--readme-path=${join(folder, "README.md")}`,
    `--changelog-path=${join(folder, "CHANGELOG.md")}`,
  ],
  { cwd: projectRoot, stdio: "inherit" },
);
if (status === 0) {
  const file = `${name}-${version}.vsix`;
  console.log(`${file}: ${Math.round(statSync(join(projectRoot, file)).size / 1024)} KB`);
}
process.exitCode = status ?? 1;
