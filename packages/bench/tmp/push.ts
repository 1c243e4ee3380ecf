import { request } from 'undici';
import { makePhotograph } from '../src/images/pictures.ts';
const url=process.argv[2]; const n=Number(process.argv[3]??100); const base=Number(process.argv[4]??0);
const pics=await Promise.all(Array.from({length:n},(_, i)=>makePhotograph(base+i)));
const ts:number[]=[];
for(const p of pics){const b=performance.now();const r=await request(url+'/images',{method:'POST',headers:{'content-type':'image/jpeg'},body:p});await r.body.text();ts.push(performance.now()-b);if(r.statusCode!==200)throw new Error('x'); await new Promise(r=>setTimeout(r,30))}
console.log('median',ts.sort((a,b)=>a-b)[n>>1]);
