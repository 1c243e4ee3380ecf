import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@vindima/test-servers';
import { expect, it } from 'vitest';
import { startPlatformProcess } from './support/platform-process.ts';

/** One grey pixel. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';

// Before it reports to its makers, onnxruntime makes a name for this machine and a queue of what it is going to send.
it('nobody is told which models run: the runtime keeps no queue of reports', { timeout: 300_000 }, async () => {
  const home = join(temporaryFolder(), 'home');
  mkdirSync(home);
  const platform = startPlatformProcess({
    DATA_DIR: temporaryFolder(),
    HOME: home,
    XDG_CACHE_HOME: join(home, '.cache'),
  });
  const output = await platform.says('Ctrl-C');
  const ask = async (service: string, path: string, body: unknown) => {
    const url = new RegExp(`${service} +(http://\\S+)`).exec(output)?.[1];
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return [path, response.status, response.ok ? '' : await response.text()];
  };
  // Models are tried in a process of their own, and run in threads.
  expect(await ask('inference', '/model/load/', {})).toEqual(['/model/load/', 200, '']);
  const iris = { SepalLengthCm: 5.1, SepalWidthCm: 3.5, PetalLengthCm: 1.4, PetalWidthCm: 0.2 };
  expect(await ask('inference', '/model/classify/', iris)).toEqual(['/model/classify/', 200, '']);
  expect((await ask('images', '/images', { data: picture }))[2]).toBe('');
  const left = readdirSync(home, { recursive: true, encoding: 'utf8' });
  expect(left.filter((name) => /microsoft|onnx/i.test(name))).toEqual([]);
});
