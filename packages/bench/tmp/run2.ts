import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createInference } from '../../../services/images/src/tagging/local/inference.ts';
import { cachedCenterNet } from '../../../services/images/src/tagging/centernet/cached-model.ts';
import { readPicture } from '../../../services/images/src/picture/read-picture.ts';
import { prepareInput } from '../../../services/images/src/tagging/centernet/prepare-input.ts';
import { makePhotograph } from '../src/images/pictures.ts';
import { openObjectStore } from '@vindima/object-store';
const med=(a:number[])=>a.sort((x,y)=>x-y)[a.length>>1];
const { path } = await cachedCenterNet('/tmp/vindima/img/models');
const inf = await createInference({ modelPath: path });
const pics = await Promise.all(Array.from({length:20},(_, i)=>makePhotograph(i)));
const store = await openObjectStore('file:/tmp/vindima/img/store');
const px = new Uint8Array(512*512*3).map((_, i)=>(i*7919)%251);
const res:Record<string,number[]>={};
let n=0;
const go=async(k:string,data:Uint8Array,put:boolean)=>{
  const b=performance.now();
  const r=inf.run({type:'uint8',dims:[1,512,512,3],data}).then(()=>{(res[k]??=[]).push(performance.now()-b)});
  const p=put?store.put(`x/${n++}.jpg`,pics[n%20]):undefined;
  await r; await p;
  await new Promise(r=>setTimeout(r,60));
};
for(let i=0;i<30;i++){
  await go('plain',px.slice(),false);
  await go('put',px.slice(),true);
  const d=await prepareInput((await readPicture(pics[i%20],{maximumPixels:5e7,previewEdge:410})).preview);
  await go('decode',d,false);
  const e=await prepareInput((await readPicture(pics[i%20],{maximumPixels:5e7,previewEdge:410})).preview);
  await go('decode+put',e,true);
  const f=await prepareInput((await readPicture(pics[i%20],{maximumPixels:5e7,previewEdge:410})).preview);
  await new Promise(r=>setTimeout(r,20));
  await go('decodedOther',f,false);
}
console.log(Object.fromEntries(Object.entries(res).map(([k,v])=>[k,+med(v).toFixed(1)])));
await inf.close();
