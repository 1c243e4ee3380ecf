import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useEngine } from '../support/engine.ts';

const small = await useEngine({ memory: 300 * 2 ** 20 });
const { engine, options, place } = await useEngine();
const medium = await useEngine({ memory: 400 * 2 ** 20 });

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { status: number; code: string }) => ({ status: error.status, code: error.code }),
  );
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const until = async (condition: () => boolean) => {
  for (const end = Date.now() + 20_000; !condition(); ) {
    if (Date.now() > end) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const upload = async (content: string | Uint8Array, name = 'a.csv') => {
  const path = place(name);
  await writeFile(path, content);
  return { path, filename: name, options: {}, output: place('table.parquet') };
};

describe('an engine', () => {
  it('is killed when the work takes too long, and the next request gets another', async () => {
    const slow = await upload('a,b\n'.concat('1,2\n'.repeat(2_000_000)));
    const before = engine.replaced;
    expect(await refusal(engine.run('ingest', slow, { ...options, timeout: 50, readable: [slow.path] }))).toEqual({
      status: 422,
      code: 'datasets.too_slow',
    });
    expect(engine.replaced).toBe(before + 1);
    const next = await upload('a,b\n1,2\n');
    expect(await engine.run('ingest', next, { ...options, readable: [next.path] })).toMatchObject({ rows: 1 });
  });

  it('is killed when its caller goes away', async () => {
    const slow = await upload('a,b\n'.concat('1,2\n'.repeat(2_000_000)));
    const controller = new AbortController();
    const work = refusal(engine.run('ingest', slow, { ...options, readable: [slow.path], signal: controller.signal }));
    setTimeout(() => controller.abort(), 100);
    expect(await work).toMatchObject({ code: 'datasets.cancelled' });
  });

  it('is used again after work that took much memory, which it gives back', async () => {
    const lines = Array.from({ length: 600_000 }, (_, index) => `${index},text ${index * 7},${index % 1000}\n`);
    const { path, filename, output } = await upload(`n,t,m\n${lines.join('')}`);
    await engine.run('ingest', { path, filename, options: {}, output }, { ...options, readable: [path] });
    const duplicates = [{ type: 'clean' as const, params: { remove_duplicates: true } }];
    const work = () =>
      medium.engine.run(
        'process',
        { path: output, operations: duplicates, output: medium.place('result.parquet') },
        { ...medium.options, readable: [output] },
      );
    await work();
    const before = medium.engine.processes();
    await work();
    expect(medium.engine.processes()).toEqual(before);
  });

  it('does not take the service with it when a file breaks its memory', async () => {
    // A workbook's texts, or a row of JSON with very many keys, are held in JavaScript's memory.
    const keys = Array.from({ length: 60_000 }, (_, index) => `"key-${index}-${'k'.repeat(40)}":[[[[[1]]]]]`).join(',');
    const rows = Array.from({ length: 40 }, () => `{${keys}}`).join('\n');
    const file = await small.read('a.ndjson', rows).then(
      () => 'done',
      (error: { status: number }) => error.status,
    );
    expect(file).toBe(422);
    expect((await small.read('b.csv', 'a,b\n1,2\n')).rows).toBe(1);
  });

  it('refuses what waits too long in the queue', async () => {
    const files = await Promise.all(Array.from({ length: 30 }, () => upload('a\n1\n')));
    const outcomes = await Promise.all(
      files.map((file) => refusal(engine.run('ingest', file, { ...options, readable: [file.path] }))),
    );
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(21);
    expect(outcomes).toContainEqual({ status: 503, code: 'datasets.busy' });
  });

  it('is shared fairly: who asks for one thing waits for no queue of another', async () => {
    const slow = await upload('a,b\n'.concat('1,2\n'.repeat(300_000)));
    const quick = await upload('a\n1\n', 'b.csv');
    const order: string[] = [];
    const ask = (caller: string, name: string, file: typeof slow) =>
      engine
        .run('ingest', { ...file, output: place(`${name}.parquet`) }, { ...options, caller, readable: [file.path] })
        .then(() => order.push(name));
    const greedy = Array.from({ length: 8 }, (_, index) => ask('user:ana', `ana-${index}`, slow));
    await Promise.all([...greedy, ask('user:bob', 'bob', quick)]);
    // Those that ran already are waited for, and nothing that was queued before.
    expect(order.indexOf('bob')).toBeLessThanOrEqual(2);
  });

  it('sees nothing but its folder: SQL cannot reach other files', async () => {
    const outside = join(await mkdtemp(join(tmpdir(), 'datasets-outside-')), 'secret.parquet');
    const mine = await upload('a\n1\n');
    await engine.run('ingest', mine, { ...options, readable: [mine.path] });
    await writeFile(outside, await readFile(mine.output));
    const answer = await refusal(engine.run('preview', { path: outside, offset: 0, limit: 1 }, options));
    expect(answer).not.toBe('done');
  });

  it('removes its folder whatever happens', async () => {
    let seen = '';
    await engine
      .withFolder(async (folder) => {
        seen = folder;
        throw new Error('on purpose');
      })
      .catch(() => undefined);
    expect(existsSync(seen)).toBe(false);
  });

  it('ends when the process that started it is killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'datasets-orphan-'));
    const parent = fork(new URL('../support/engine-owner.ts', import.meta.url), [folder]);
    const [engines] = (await once(parent, 'message')) as [number[]];
    expect(engines.length).toBeGreaterThan(0);
    parent.kill('SIGKILL');
    await until(() => engines.every((pid) => !alive(pid)));
  });
});
