import { readFileSync, writeFileSync, existsSync, rmSync, mkdtempSync } from "node:fs";
import { execFileSync, spawnSync } from "node:child_process";
import { convertShell } from "./server/src/convert/shell/convert.ts";
import { parseShell } from "./server/src/syntax/shell/parse.ts";
const parts = readFileSync(process.argv[2]!, "utf8").split(/^####.*\n/m).filter(x=>x.trim());
let bad=0;
parts.forEach((text,i)=>{
  const dir=mkdtempSync("/tmp/sd/w"); writeFileSync(dir+"/s.sh",text);
  const log=dir+"/log"; writeFileSync(log,"");
  const shell=/^#!.*\/sh/.test(text)?"dash":"bash";
  const r=spawnSync("timeout",["5",shell,"s.sh"],{cwd:dir,env:{PATH:"/tmp/sd/bin:/usr/bin:/bin",OUTLOG:log,HOME:"/root"},encoding:"utf8",input:""});
  const real=readFileSync(log,"utf8");
  const c=convertShell(parseShell(text),{path:"s.sh"});
  const ours=c.calls.map(k=>k.argv.map(w=>w.unknown===undefined?w.text:`<${w.unknown}>`).join("|")+"|"+(k.presence==="certain"?"":" ? "+k.presence.maybe)+"\n").join("");
  const unk=c.operations.filter(o=>o.op==="unknown").map(o=>"UNKNOWN "+o.fact+"\n").join("");
  if(real!==ours+unk){bad++;console.log(`=== ${i} (${shell}) ===\n${text}--- real\n${real}--- ours\n${ours}${unk}--- stderr ${r.stderr}`);}
  rmSync(dir,{recursive:true});
});
console.log(`${parts.length} snippets, ${bad} differ`);
