// Bundles the extension's client, the language server and the command line tool into dist/, each into one file that
// needs no node_modules. Run by `npm ci` (prepare), so that `npx ftp-firewall` works straight away.
//
//   node scripts/build.mjs                for development: readable, with source maps
//   node scripts/build.mjs --production   for the package: minified, without source maps
//   node scripts/build.mjs --watch        rebuilds on every change, until interrupted
//   node scripts/build.mjs --tests        also the suite that runs inside VS Code, into out/
import { existsSync } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const flags = new Set(process.argv.slice(2));
const production = flags.has("--production");

const bundles = [
  { entry: "client/src/extension.ts", outfile: "dist/client.cjs", external: ["vscode"] },
  { entry: "client/src/server-process.ts", outfile: "dist/server-process.cjs", external: ["vscode"] },
  { entry: "server/src/lsp/node-main.ts", outfile: "dist/server.cjs", executable: true },
  { entry: "server/src/cli/main.ts", outfile: "dist/cli.cjs", executable: true },
];
if (flags.has("--tests")) {
  // Mocha finds its own parts by path at run time, so it stays outside the bundle.
  bundles.push({
    entry: "test/vscode/index.ts",
    outfile: "out/test/vscode/index.cjs",
    external: ["vscode", "mocha"],
  });
}

/**
 * Keeps the language client library out of dist/client.cjs: VS Code loads that file for every shell script that
 * somebody opens, so it has to be tiny.
 */
const separateServerProcess = {
  name: "separate-server-process",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/server-process\.ts$/ }, () => ({
      path: "./server-process.cjs",
      external: true,
    })),
};

/** @returns esbuild's options for one bundle; all of them run in Node as CommonJS. */
function options({ entry, outfile, external = [], executable = false }) {
  return {
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    external,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    mainFields: ["module", "main"],
    loader: { ".md": "text" },
    plugins: [separateServerProcess],
    supported: { "dynamic-import": false }, // an extension's `vscode` module is reached by require only
    banner: executable ? { js: "#!/usr/bin/env node" } : {},
    minify: production,
    keepNames: production,
    sourcemap: !production,
    legalComments: "none",
    logLevel: "warning",
  };
}

async function build(esbuild, bundle) {
  if (production) await rm(join(root, `${bundle.outfile}.map`), { force: true });
  await esbuild.build(options(bundle));
  if (bundle.executable) await chmod(join(root, bundle.outfile), 0o755);
}

async function watch(esbuild) {
  for (const bundle of bundles) {
    const context = await esbuild.context({ ...options(bundle), logLevel: "info" });
    await context.watch();
  }
  console.log("build: watching for changes");
}

const esbuild = await import("esbuild").catch(() => undefined);
if (esbuild === undefined) {
  console.error(
    "build: esbuild is not installed (an install without development dependencies?); nothing is built",
  );
  process.exit(existsSync(join(root, "dist/cli.cjs")) ? 0 : 1);
}
if (flags.has("--watch")) {
  await watch(esbuild);
} else {
  const begin = Date.now();
  await Promise.all(bundles.map((bundle) => build(esbuild, bundle)));
  const built = bundles.map((bundle) => bundle.outfile);
  console.log(`build: ${built.join(", ")} (${Date.now() - begin} ms)`);
}
