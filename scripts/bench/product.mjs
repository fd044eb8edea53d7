// What is measured: the core, bundled as it is for dist/.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Bundles core.mjs into `folder`; returns the bundle's path. */
export async function buildCore(folder) {
  const outfile = join(folder, "core.cjs");
  await build({
    entryPoints: [fileURLToPath(new URL("core.mjs", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    mainFields: ["module", "main"],
    logLevel: "warning",
  });
  return outfile;
}
