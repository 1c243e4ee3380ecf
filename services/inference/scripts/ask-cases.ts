import { parseArgs } from 'node:util';
import { createClient } from './cases/client.ts';
import { judges } from './cases/judges.ts';

// node scripts/ask-cases.ts URL FOLDER [ID...]: uploads the models of a folder of cases to a running service, asks them, and prints which
// answers are right. A case of the folder that has no file is told as wrong, so that nothing passes by being away.

const { positionals } = parseArgs({ allowPositionals: true });
const [url = 'http://127.0.0.1:8104', folder = '.', ...wanted] = positionals;
const client = createClient(url, folder);
let right = 0;
let asked = 0;
for (const [id, judge] of Object.entries(judges)) {
  if (wanted.length > 0 && !wanted.some((part) => id.includes(part))) continue;
  asked += 1;
  const begun = performance.now();
  const { right: isRight, said } = await judge(client).catch((error: unknown) => ({
    right: false,
    said: String(error),
  }));
  if (isRight) right += 1;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${isRight ? 'right' : 'WRONG'}  ${id.padEnd(34)} ${seconds.padStart(5)} s  ${isRight ? '' : said}`);
}
console.log(`${right} of ${asked} right`);
