import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ServiceError } from '@vindima/contracts';
import { expect, test } from 'vitest';
import { readPicture } from '../../src/picture/read-picture.ts';
import { sharedData } from '../support/shared-data.ts';

const folder = join(sharedData, 'hostile', 'images');

const outcome = (bytes: Buffer): Promise<string> =>
  readPicture(bytes, { maximumPixels: 50_000_000, previewEdge: 410 }).then(
    () => 'taken',
    (error: unknown) => (error instanceof ServiceError ? String(error.status) : `unexpected: ${error}`),
  );

// Real data: PngSuite (x*.png are corrupt on purpose) and photographs of every EXIF orientation.
test.skipIf(!existsSync(folder))('every hostile file is taken or refused with a 4xx', async () => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const outcomes = new Map<string, string>();
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const path = resolve(entry.parentPath, entry.name);
    outcomes.set(path, await outcome(await readFile(path)));
  }
  expect(outcomes.size).toBeGreaterThan(400);
  const pngs = [...outcomes].filter(([path]) => path.endsWith('.png'));
  for (const [path, result] of outcomes)
    expect([path, result]).toEqual([path, expect.stringMatching(/^(taken|415|422)$/)]);
  for (const [path, result] of pngs) {
    const isCorrupt = /\/x[^/]*\.png$/.test(path);
    expect([path, result === 'taken']).toEqual([path, !isCorrupt]);
  }
  for (const [path, result] of outcomes) if (path.endsWith('.jpg')) expect([path, result]).toEqual([path, 'taken']);
});
