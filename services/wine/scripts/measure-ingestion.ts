/** Measures one ingestion of everything: argument 1 is the folder to ingest into. Prints one line of JSON. */
import { ingestInto } from '../src/lambda.ts';

const megabytes = () => process.resourceUsage().maxRSS / 1024;
const before = megabytes();
const began = performance.now();
const { outcome } = await ingestInto(
  { ...process.env, OBJECT_STORE_URL: `file:${process.argv[2]}`, LOG_LEVEL: 'warn' },
  {},
);
console.log(JSON.stringify({ outcome, before, peak: megabytes(), milliseconds: performance.now() - began }));
