import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createInference } from '../../../services/images/src/tagging/local/inference.ts';
import { cachedCenterNet } from '../../../services/images/src/tagging/centernet/cached-model.ts';
const med=(a:number[])=>a.sort((x,y)=>x-y)[a.length>>1];
const { path } = await cachedCenterNet('/tmp/vindima/img/models');
const inf = await createInference({ modelPath: path });
const s = await InferenceSession.create(path,{graphOptimizationLevel:'all',intraOpNumThreads:2,extra:{session:{intra_op:{allow_spinning:'0'}}}});
const px = new Uint8Array(512*512*3).map((_, i)=>(i*7919)%251);
const A:number[]=[],B:number[]=[],FA:number[]=[],FB:number[]=[];
const faults=()=>process.resourceUsage().minorPageFault;
for(let i=0;i<45;i++){
  const c=px.slice();
  let f=faults(),b=performance.now(); await inf.run({type:'uint8',dims:[1,512,512,3],data:c}); const a=performance.now()-b; FA.push(faults()-f);
  const t=new Tensor('uint8',px.slice(),[1,512,512,3]);
  f=faults();b=performance.now(); await s.run({image:t}); const d=performance.now()-b; FB.push(faults()-f);
  if(i>=5){A.push(a);B.push(d)}
}
console.log('worker',med(A).toFixed(1),'faults',med(FA),'main',med(B).toFixed(1),'faults',med(FB), 'ratio',(med(A)/med(B)).toFixed(3));
await inf.close();
