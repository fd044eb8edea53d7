import { convertShell } from "./server/src/convert/shell/convert.ts";
import { parseShell } from "./server/src/syntax/shell/parse.ts";
function script(n:number){let s="#!/bin/bash\nIPT=/sbin/iptables\nIF=eth0\nadd() { $IPT -A INPUT -p tcp --dport $1 -j ACCEPT; }\n";let l=4;let i=0;
 while(l<n){ switch(i++%6){case 0:s+=`$IPT -A INPUT -i $IF -s 10.${i%250}.0.0/16 -p tcp --dport ${1000+i} -j ACCEPT\n`;l++;break;
 case 1:s+=`for p in ${i} $((${i}+1)); do\n  $IPT -A INPUT -p tcp --dport $p -j ACCEPT\ndone\n`;l+=3;break;
 case 2:s+=`if [ "$IF" = eth0 ]; then\n  add ${i}\nfi\n`;l+=3;break;
 case 3:s+=`X${i}=\${IF%0}$(echo ${i})\n$IPT -A OUTPUT -o $X${i} -j ACCEPT\n`;l+=2;break;
 case 4:s+=`# comment ${i}\n\n`;l+=2;break;
 case 5:s+=`add ${i} && $IPT -A FORWARD -m state --state NEW -j DROP\n`;l++;break;}}
 return s;}
for (const n of [1250,2500,5000,10000]) { const t=script(n); let best=1e9,calls=0,parse=1e9; for(let k=0;k<4;k++){const a=performance.now();const f=parseShell(t);const b=performance.now();const c=convertShell(f,{path:"x"});const d=performance.now();best=Math.min(best,d-b);parse=Math.min(parse,b-a);calls=c.calls.length;} console.log(n,"lines",calls,"calls parse",parse.toFixed(1),"convert",best.toFixed(1)); }
const t="for i in $(seq 1 1000000); do iptables -A INPUT -p tcp --dport 21 -j ACCEPT; done\ni=0\nwhile [ $i -lt 1000000 ]; do i=$((i+1)); done\niptables -A X";
const a=performance.now();const c=convertShell(parseShell(t),{path:"x"}); console.log((performance.now()-a).toFixed(0)+" ms", c.operations.slice(-2).map(o=>o.op+(o.op==="unknown"?o.fact:"")), c.notes);
const t2="i=0\nwhile [ $i -lt 1000000 ]; do i=$((i+1)); done\niptables -A X";
{const a=performance.now();const c=convertShell(parseShell(t2),{path:"x"}); console.log((performance.now()-a).toFixed(0)+" ms", c.operations.slice(-2).map(o=>o.op+(o.op==="unknown"?o.fact:"")), c.notes);}
