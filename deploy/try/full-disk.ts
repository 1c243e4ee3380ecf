// Shows that a full disk stops nothing but writes, and those only until there is room again. Needs Linux and root, for a small disk in memory:
//
//   sudo node deploy/try/full-disk.ts
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const say = (line: string) => process.stdout.write(`${line}\n`);
const megabyte = 2 ** 20;
const disk = mkdtempSync(join(tmpdir(), 'vindima-full-disk-'));
const filler = join(disk, 'filler');
const problems: string[] = [];

execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', disk]);
mkdirSync(join(disk, 'tmp'));
const names = ['GATEWAY', 'WINE', 'IMAGES', 'DATASETS', 'INFERENCE', 'PRICING', 'SANDBOX'];
const output = join(disk, 'output');
const descriptors = [openSync(output, 'w'), openSync(output, 'a')];
const platform = spawn(process.execPath, ['services/all-in-one/src/main.ts'], {
  env: {
    ...process.env,
    ...Object.fromEntries(names.map((name) => [`${name}_PORT`, '0'])),
    DATA_DIR: join(disk, 'data'),
    TMPDIR: join(disk, 'tmp'),
    MINIMUM_FREE_SPACE: '16MiB',
    LOG_LEVEL: 'debug',
  },
  // A file on the full disk, as `npm start > output` would have it.
  stdio: ['ignore', ...descriptors],
});
for (const descriptor of descriptors) closeSync(descriptor);
const ended = once(platform, 'exit');

/** Takes what is free, except for so much. */
const fill = (leave: number) => {
  const file = openSync(filler, 'a');
  const { bavail, bsize } = statfsSync(disk);
  const block = Buffer.alloc(4096);
  try {
    for (let left = bavail * bsize - leave; left > 0; left -= block.length) writeSync(file, block);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(file);
  }
};

let url = '';
/** @returns the status, and the code of an error */
const ask = async (path: string, init: RequestInit = {}): Promise<string> => {
  try {
    const response = await fetch(url + path, { ...init, signal: AbortSignal.timeout(20_000) });
    const text = await response.text();
    const code = response.status >= 400 && /"code":"([^"]+)"/.exec(text)?.[1];
    return code ? `${response.status} ${code}` : String(response.status);
  } catch (error) {
    return `no answer (${error instanceof Error ? error.name : error})`;
  }
};
const json = (body: unknown, method = 'POST'): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});
let count = 0;
const form = (megabytes: number): RequestInit => {
  const body = new FormData();
  const rows = `${count++},${'x'.repeat(1000)}\n`.repeat(Math.ceil((megabytes * megabyte) / 1000));
  body.append('file', new Blob(['a,b\n', rows]), 'table.csv');
  return { method: 'POST', body };
};
const row = { SepalLengthCm: 5.1, SepalWidthCm: 3.5, PetalLengthCm: 1.4, PetalWidthCm: 0.2 };

const reads = ['/health/live', '/producaoCSV', '/datasets', '/models', '/images', '/prices', '/wine/series', '/jobs'];
const writes: Record<string, () => Promise<string>> = {
  'an upload of a table': () => ask('/api/upload', form(1)),
  'a user': () => ask('/users', json({ username: `user-${count++}`, password: 'a long password 1', role: 'viewer' })),
  'a classification': () => ask('/model/classify', json(row)),
  'a command': () => ask('/commands/wine/ingest', json({ series: ['production'] })),
  'a job': () => ask('/wine/ingestions', json({ series: ['production'] })),
};

const round = async (title: string, expected: (name: string, isWrite: boolean) => RegExp) => {
  say(`\n${title}`);
  const check = (name: string, answer: string, isWrite: boolean) => {
    const wanted = expected(name, isWrite);
    const fits = wanted.test(answer);
    if (!fits) problems.push(`${title}: ${name} was answered ${answer}, not ${wanted}`);
    say(`  ${fits ? 'as it should be' : 'WRONG          '}  ${name.padEnd(22)} ${answer}`);
  };
  for (const path of reads) check(`GET ${path}`, await ask(path), false);
  for (const [name, write] of Object.entries(writes)) check(name, await write(), true);
  say(`  health: ${(await (await fetch(`${url}/health/ready`)).text()).slice(0, 300)}`);
};
const done = /^2\d\d$/;
const full = /^507 [a-z]+\.no_space$/;

try {
  for (const deadline = Date.now() + 120_000; !/wine: succeeded/.test(readFileSync(output, 'utf8')); ) {
    if (Date.now() > deadline) throw new Error(`did not start: ${readFileSync(output, 'utf8')}`);
    await sleep(200);
  }
  url = /gateway +(http:\S+)/.exec(readFileSync(output, 'utf8'))?.[1] ?? '';
  say(`started; ${Math.round((statfsSync(disk).bavail * statfsSync(disk).bsize) / megabyte)} MiB are free`);
  await ask('/model/load', { method: 'POST' });
  await round('while there is room', () => done);
  fill(8 * megabyte);
  await sleep(3000);
  await round('with less than MINIMUM_FREE_SPACE', (name) => (name.startsWith('an upload') ? full : done));
  // Until nothing at all fits: what is written meanwhile may give a little back.
  for (let time = 0; time < 5; time += 1) {
    fill(0);
    await sleep(300);
  }
  await round('full', (_, isWrite) => (isWrite ? full : done));
  for (let time = 0; time < 200; time += 1) await ask('/nothing-of-this-name');
  rmSync(filler);
  await sleep(4000);
  await round('with room again', () => done);
  const log = readFileSync(join(disk, 'data', 'logs', 'vindima.log'), 'utf8');
  say(
    `\nthe log has ${log.split('\n').length} lines, and ${/lines of the log were lost/.test(log) ? 'says that some were lost' : 'lost none'}`,
  );
} finally {
  platform.kill('SIGTERM');
  const [code] = await ended;
  say(`ended with ${code}`);
  if (code !== 0) problems.push(`the platform ended with ${code}`);
  execFileSync('umount', [disk]);
  rmdirSync(disk);
}
for (const problem of problems) say(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
