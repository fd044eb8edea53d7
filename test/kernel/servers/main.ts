// Tries real FTP servers and clients, prints what was measured, and compares it with the record and the simulator:
//
//   npm run test:kernel:servers [-- --write]   with --write, this becomes the record, and the page's tables
import { readFileSync, writeFileSync } from "node:fs";
import { whatIsMissing } from "../rig/requirements.ts";
import { missingServers } from "./daemons.ts";
import { differences, type Measurement, measure, recorded, recordFile } from "./measurement.ts";
import { pageFile, tables, withTables } from "./page.ts";
import { pinServers } from "./pin-servers.ts";
import { disagreements } from "./try-sessions.ts";

async function main(write: boolean): Promise<number> {
  const missing = whatIsMissing() ?? missingServers();
  if (missing !== undefined) {
    console.error(`*** SKIPPED: no server and no client was tried: ${missing}`);
    return process.env.CI ? 1 : 0;
  }
  const pins = await pinServers();
  const now = await measure();
  for (const table of Object.values(tables(now))) console.log(table);
  if (write) keep(now);
  const problems = [...differences(recorded(), now), ...disagreements(now.sessions), ...pins];
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? "As recorded, and as simulated." : `${problems.length} differences`);
  return problems.length === 0 ? 0 : 1;
}

function keep(measurement: Measurement): void {
  writeFileSync(recordFile, `${JSON.stringify(measurement, null, 2)}\n`);
  writeFileSync(pageFile, withTables(readFileSync(pageFile, "utf8"), measurement));
}

process.exitCode = await main(process.argv.includes("--write"));
