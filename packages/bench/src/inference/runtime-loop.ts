/** Runs the iris model in a loop, alone in its process, and prints rows per second as JSON. Arguments: model file, rows per run. */
import { readFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const [file, rowsText] = process.argv.slice(2);
const rows = Number(rowsText);
const session = await ort.InferenceSession.create(readFileSync(file ?? ''), { intraOpNumThreads: 1 });
const values = Float32Array.from({ length: rows * 4 }, (_, index) => [5.1, 3.5, 1.4, 0.2][index % 4] ?? 0);
const run = () => session.run({ features: new ort.Tensor('float32', values, [rows, 4]) });
for (let warm = 0; warm < 200; warm++) await run();
const begun = performance.now();
let runs = 0;
while (performance.now() - begun < 2000) {
  await run();
  runs++;
}
const perSecond = (runs * rows) / ((performance.now() - begun) / 1000);
process.stdout.write(JSON.stringify({ perSecond }));
