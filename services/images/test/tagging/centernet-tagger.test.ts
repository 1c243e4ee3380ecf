import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPhotographs } from '../../scripts/calibration/photographs.ts';
import { readPicture } from '../../src/picture/read-picture.ts';
import { createLocalTagger } from '../../src/tagging/local/create-local-tagger.ts';
import type { Tagger } from '../../src/tagging/tagger.ts';
import { drawFile } from '../support/pictures.ts';
import { sharedData } from '../support/shared-data.ts';

let folder: string;
let tagger: Tagger;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vindima-tagger-'));
  tagger = await createLocalTagger({ cacheFolder: folder });
});
afterAll(async () => {
  await tagger.close();
  await rm(folder, { recursive: true });
});

const { signal } = new AbortController();
const look = (bytes: Buffer) => readPicture(bytes, { maximumPixels: 5e7, previewEdge: tagger.previewEdge });

test('what a picture shows comes with its confidence and where it was found', async () => {
  const tagging = await tagger.tag(await look(await drawFile('png')), signal);
  expect(tagging).toMatchObject({ tagger: 'local', model: 'centernet-mobilenetv3-coco' });
  expect(tagging.findings.map(({ tag }) => tag)).toContain('traffic light');
  const confidences = tagging.findings.map(({ confidence }) => confidence);
  expect(confidences).toEqual(confidences.toSorted((one, other) => other - one));
});

test('the converted model is cached once, whole, under the name of its weights', async () => {
  const again = await createLocalTagger({ cacheFolder: folder });
  await again.close();
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^centernet-[0-9a-f]{12}-\d+\.onnx$/)]);
});

test('many pictures at once each get their own tags', async () => {
  const pictures = await Promise.all(
    ['png', 'gif', 'webp'].map(async (format) => look(await drawFile(format as 'png', 300, 300))),
  );
  const alone = [];
  for (const picture of pictures) alone.push(await tagger.tag(picture, signal));
  expect(await Promise.all(pictures.map((picture) => tagger.tag(picture, signal)))).toEqual(alone);
});

// Real photographs.
test.skipIf(!existsSync(join(sharedData, 'photos')))(
  'of the tags above 80 eight in ten are right, and three subjects in five are found',
  {
    timeout: 120_000,
  },
  async () => {
    const photographs = await readPhotographs(sharedData);
    let [given, right, found] = [0, 0, 0];
    for (const { file, subject, visible } of photographs) {
      const bytes = await readFile(join(sharedData, 'photos', file));
      const { findings } = await tagger.tag(await look(bytes), signal);
      const sure = findings.filter(({ confidence }) => confidence > 80).map(({ tag }) => tag);
      given += sure.length;
      right += sure.filter((tag) => visible.has(tag)).length;
      if (subject !== undefined && sure.includes(subject)) found++;
    }
    expect(right / given).toBeGreaterThan(0.8);
    expect(found / photographs.filter(({ subject }) => subject !== undefined).length).toBeGreaterThanOrEqual(0.6);
  },
);
