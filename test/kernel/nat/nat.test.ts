import { after } from "node:test";
import { judgeVerdicts } from "../comparison.ts";
import type { Outcomes } from "../rig/sessions.ts";
import { askKernel } from "../suite.ts";
import { trials } from "./matrix.ts";
import { readMeasured, writeMeasured } from "./measured.ts";

const recording = process.env.RECORD !== undefined;
const measured = readMeasured();
const seen = new Map<string, Outcomes>();

askKernel(
  "what the kernel does to FTP through NAT, and what the simulator says of it",
  trials.map((trial) => ({ ...trial, interfaces: trial.host.interfaces })),
  ({ name }) => name,
  async (rig, { name, host, unknown }) => {
    const recorded = measured.get(name);
    const { outcomes, problems } = await judgeVerdicts(rig, host, {
      recorded: recording ? undefined : recorded,
      unknown,
    });
    if (outcomes !== undefined) seen.set(name, outcomes);
    const missing = recorded === undefined && !recording ? ["not recorded: run this test with RECORD=1"] : [];
    return [...missing, ...problems];
  },
);

after(() => {
  if (recording) writeMeasured(trials, seen);
});
