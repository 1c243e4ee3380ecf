import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@vindima/test-servers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openLogFile } from '../src/log-file.ts';

const line = (text: string) => `${JSON.stringify({ level: 30, msg: text })}\n`;
const messagesIn = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text).msg);

describe('the log file', () => {
  it('is written in order, and kept in as many files as are allowed', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'logs', 'test.log');
    const log = openLogFile({ path, maximumBytes: 1000, files: 3 });
    for (let index = 0; index < 200; index += 1) {
      log.write(line(`line ${index}`));
      if (index % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await vi.waitFor(() => expect(messagesIn(path).at(-1)).toBe('line 199'));
    expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['test.log', 'test.log.1', 'test.log.2']);
    const kept = ['test.log.2', 'test.log.1', 'test.log'].map((name) => join(folder, 'logs', name));
    for (const file of kept) expect(statSync(file).size).toBeLessThanOrEqual(1000);
    const numbers = kept.flatMap(messagesIn).map((text) => Number(text.slice(5)));
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? Number.NaN) + index));
    await log.close();
  });

  it('goes on in the file that is there, and writes what waits at the end', async () => {
    const path = join(temporaryFolder(), 'test.log');
    writeFileSync(path, line('before'));
    const log = openLogFile({ path });
    log.write(line('after'));
    await log.close();
    expect(messagesIn(path)).toEqual(['before', 'after']);
  });

  it('costs lines and nothing else where it cannot be written, and tells how many', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'logs', 'test.log');
    writeFileSync(join(folder, 'logs'), 'in the way');
    const log = openLogFile({ path, retryMs: 20 });
    const large = line('x'.repeat(100_000));
    for (let index = 0; index < 100; index += 1) log.write(large);
    await new Promise((resolve) => setTimeout(resolve, 50));
    rmSync(join(folder, 'logs'));
    await vi.waitFor(() => expect(messagesIn(path).at(-1)).toMatch(/^\d+ lines of the log were lost$/));
    log.write(line('again'));
    await vi.waitFor(() => expect(messagesIn(path).at(-1)).toBe('again'));
    await log.close();
  });
});

const small = join(temporaryFolder(), 'small');
const isRoot = process.getuid?.() === 0 && process.platform === 'linux';
const mounted =
  isRoot &&
  (() => {
    try {
      mkdirSync(small);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', small], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();
afterEach(() => {
  if (mounted) for (const name of readdirSync(small)) rmSync(join(small, name), { recursive: true });
});

// Needs root, for a small disk in memory.
describe.skipIf(!mounted)('a full disk', () => {
  const fill = () => {
    const { bavail, bsize } = statfsSync(small);
    writeFileSync(join(small, 'filler'), Buffer.alloc(bavail * bsize));
  };

  it('stops the log only until there is room again', async () => {
    const path = join(small, 'logs', 'test.log');
    const log = openLogFile({ path, retryMs: 20, maximumBytes: 400_000, files: 2 });
    log.write(line('before'));
    await vi.waitFor(() => expect(messagesIn(path)).toEqual(['before']));
    fill();
    for (let index = 0; index < 300; index += 1) log.write(line('y'.repeat(20_000)));
    await new Promise((resolve) => setTimeout(resolve, 100));
    rmSync(join(small, 'filler'));
    log.write(line('after'));
    const files = () =>
      [`${path}.1`, path].map((name) => readFileSync(name, { encoding: 'utf8', flag: 'a+' })).join('');
    await vi.waitFor(() => expect(files().includes(' lines of the log were lost"}\n')).toBe(true));
    await log.close();
    for (const name of [`${path}.1`, path]) {
      expect(statSync(name).size).toBeLessThanOrEqual(400_000);
      // No line was cut in two.
      expect(messagesIn(name).length).toBeGreaterThan(1);
    }
  });
});
