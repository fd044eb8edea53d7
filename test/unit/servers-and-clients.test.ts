import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { recorded } from "../kernel/servers/measurement.ts";
import { pageFile, withTables } from "../kernel/servers/page.ts";
import { disagreements } from "../kernel/servers/try-sessions.ts";

// `npm run test:kernel:servers` compares the record with real servers and clients.

test("the page on servers and clients shows what was measured", () => {
  const page = readFileSync(pageFile, "utf8");
  assert.equal(page, withTables(page, recorded()));
});

test("the simulator says of each server and client what was seen of them", () => {
  assert.deepEqual(disagreements(recorded().sessions), []);
});
