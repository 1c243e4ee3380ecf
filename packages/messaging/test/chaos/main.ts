import { parseArgs } from 'node:util';
import { chaosInOneProcess, chaosOnServers } from './servers.ts';

// npm run chaos -- --minutes 5
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0 && minutes <= 24 * 60)) throw new Error(`--minutes is a number above 0, not ${values.minutes}`);

const runs = [
  ['NATS and MariaDB, 3 processes', () => chaosOnServers(minutes * 50_000, 15_000)],
  ['in-process and SQLite, 1 process', () => chaosInOneProcess(minutes * 10_000)],
] as const;
for (const [name, run] of runs) {
  const counts = await run();
  process.stdout.write(`${name}\n`);
  for (const [what, count] of Object.entries(counts)) process.stdout.write(`  ${what.padEnd(20)} ${count}\n`);
  if (counts.lost + counts.doubled + counts.unsent > 0) process.exitCode = 1;
}
