import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { databases } from '@vindima/test-servers';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../src/index.ts';
import { type Accounts, MIGRATIONS } from './accounts.ts';

const WRITE = join(import.meta.dirname, 'processes/write-until-killed.ts');

/** Lets a process write until it has committed a few pairs, kills it, and returns the pairs whose commit it saw. */
async function writeAndKill(url: string, first: number): Promise<number[]> {
  const child = spawn(process.execPath, [WRITE, url, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const committed: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    committed.push(Number(line));
    // The next transaction has begun, or soon will.
    if (committed.length === 5) setTimeout(() => child.kill('SIGKILL'), Math.random() * 15);
  }
  await exited;
  return committed;
}

describe.each(await databases())('a process that is killed: $dialect', ({ create }) => {
  it('leaves no half transaction behind and loses none that it committed', async () => {
    const place = await create();
    const committed: number[] = [];
    for (let round = 0; round < 4; round += 1) committed.push(...(await writeAndKill(place.url, round * 1000)));
    const database = await openDatabase<Accounts>({ url: place.url, service: 'accounts', migrations: MIGRATIONS });
    const rows = await database.query.selectFrom('account').select('id').execute();
    const ids = new Set(rows.map(({ id }) => id));
    for (const pair of committed) expect(ids).toContain(`${pair} second`);
    for (const id of ids) {
      const [pair, half] = id.split(' ');
      expect(ids).toContain(`${pair} ${half === 'first' ? 'second' : 'first'}`);
    }
    expect(committed.length).toBeGreaterThanOrEqual(20);
    await database.close();
    await place.drop();
  }, 60_000);
});
