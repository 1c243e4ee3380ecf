// Shows that the data folder has one holder, whatever happens to those before it:
//
//   node deploy/try/lock.ts            400 rounds of simultaneous holders, 50 kills of a process group with a start at once
//   node deploy/try/lock.ts 40 5       the same, shorter
//
// In each round two processes take the lock at the same moment; exactly one may have it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { lockFolder } from '../../services/all-in-one/src/lock-folder.ts';

const [rounds = 400, kills = 50] = process.argv.slice(2).map(Number);
const together = 2;

/** A process that takes locks when it is told to, so that a round does not wait for Node to start. */
const serve = async () => {
  let release = async () => {};
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, folder = '', patience = ''] = line.split(' ');
    if (command === 'release') await release();
    release = async () => {};
    if (command === 'lock') {
      try {
        release = await lockFolder(folder, Number(patience));
      } catch (error) {
        process.stdout.write(`${(error as Error).name === 'ConfigurationError' ? 'refused' : error}\n`);
        continue;
      }
    }
    process.stdout.write(`${command}\n`);
  }
};

const start = (detached = false) => {
  const child = spawn(process.execPath, [import.meta.filename, 'serve'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (text: string) => {
    child.stdin.write(`${text}\n`);
    return (await lines.next()).value as string | undefined;
  };
  return { child, ask };
};

const end = async (child: ChildProcess) => {
  child.kill('SIGKILL');
  await once(child, 'exit');
};

const simultaneous = async (folder: string) => {
  const processes = Array.from({ length: together }, () => start());
  const counts = new Map<number, number>();
  for (let round = 0; round < rounds; round += 1) {
    const answers = await Promise.all(processes.map(({ ask }) => ask(`lock ${folder} 200`)));
    const holders = answers.filter((answer) => answer === 'lock').length;
    if (answers.some((answer) => answer !== 'lock' && answer !== 'refused')) throw new Error(answers.join());
    counts.set(holders, (counts.get(holders) ?? 0) + 1);
    await Promise.all(processes.map(({ ask }) => ask('release')));
  }
  for (const { child } of processes) await end(child);
  return counts;
};

/** Kills a holder's whole process group, and starts another without waiting for the first to be reaped. */
const killed = async (folder: string) => {
  let succeeded = 0;
  for (let round = 0; round < kills; round += 1) {
    const first = start(true);
    if ((await first.ask(`lock ${folder} 3000`)) !== 'lock') throw new Error('the first one was refused');
    // What 0.1.0 left; its process id is in use again.
    writeFileSync(join(folder, '.lock'), String(process.pid));
    process.kill(-(first.child.pid ?? 0), 'SIGKILL');
    const second = start();
    if ((await second.ask(`lock ${folder} 3000`)) === 'lock') succeeded += 1;
    await end(second.child);
  }
  return succeeded;
};

if (process.argv[2] === 'serve') await serve();
else {
  const folder = mkdtempSync(join(tmpdir(), 'vindima-lock-'));
  const counts = await simultaneous(folder);
  for (const [holders, times] of counts)
    process.stdout.write(`${times} of ${rounds} rounds of ${together}: ${holders} holder(s)\n`);
  const succeeded = await killed(folder);
  process.stdout.write(`${succeeded} of ${kills} starts at once after kill -9 of the group succeeded\n`);
  rmSync(folder, { recursive: true });
  process.exit(counts.size === 1 && counts.get(1) === rounds && succeeded === kills ? 0 : 1);
}
