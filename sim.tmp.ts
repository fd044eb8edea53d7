import { generateNat } from "./test/kernel/random/generate.ts";
import { simulated } from "./test/kernel/random/trial.ts";
for (const n of process.argv.slice(3)) {
const h = generateNat(Number(process.argv[2]), Number(n));
console.log("=====", n, h.on, h.connectTo, h.controlPort); for (const f of h.files) console.log("---", f.kind, "\n" + f.text);
for (const [k,v] of Object.entries(simulated(h))) console.log(k, v.verdict, v.reason);
}
