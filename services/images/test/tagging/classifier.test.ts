import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attribute, createGraphBuilder, encodeModel, tensor } from '@vindima/onnx';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPicture } from '../../src/picture/read-picture.ts';
import { createLocalTagger, createLocalTaggers } from '../../src/tagging/local/create-local-tagger.ts';
import { sharedData } from '../support/shared-data.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vindima-classifier-'));
});
afterAll(() => rm(folder, { recursive: true }));

const tagger = async (description: object) => {
  const path = join(folder, 'model.json');
  await writeFile(path, JSON.stringify(description));
  return createLocalTagger({ cacheFolder: folder, model: path, threads: 1 });
};

const tag = async (description: object, files: readonly Buffer[]) => {
  const local = await tagger(description);
  try {
    const pictures = await Promise.all(
      files.map((file) => readPicture(file, { maximumPixels: 1_000_000, previewEdge: local.previewEdge })),
    );
    return await Promise.all(pictures.map((picture) => local.tag(picture, new AbortController().signal)));
  } finally {
    await local.close();
  }
};

/** A model of ours: the mean of every channel of an NHWC picture, so that red, green and blue are its classes. */
const writeColourModel = async () => {
  const builder = createGraphBuilder('colours');
  const image = builder.input('image', 'float32', [1, 4, 4, 3]);
  const axes = builder.initializer(tensor.int64([1, 2]));
  const means = builder.node('ReduceMean', [image, axes], { keepdims: attribute.int(0) });
  builder.output(builder.rename(means, 'colours'), 'float32', [1, 3]);
  await writeFile(join(folder, 'colours.onnx'), encodeModel({ graph: builder.build(), opsets: { '': 18 } }));
  await writeFile(
    join(folder, 'colours.txt'),
    'First,  one\nsecond\nA label that is longer than thirty-two characters\n',
  );
};

const colours = {
  name: 'colours',
  model: 'colours.onnx',
  labels: 'colours.txt',
  input: { width: 4, height: 4, layout: 'NHWC', channels: 'RGB', deviation: 255 },
};

const plain = (background: string) =>
  sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer();

test('layout, scale, labels and the version of any classifier are those it declares', async () => {
  await writeColourModel();
  const [green] = await tag(colours, [await plain('#33ff00')]);
  expect(green).toMatchObject({
    tagger: 'local',
    model: 'colours',
    version: expect.stringMatching(/^[0-9a-f]{12}$/),
    findings: [
      { tag: 'second', confidence: 100 },
      { tag: 'first', confidence: 20 },
    ],
  });
});

test('BGR, ignored classes, calibration and long labels', async () => {
  await writeColourModel();
  const input = { ...colours.input, channels: 'BGR' };
  const [red] = await tag({ ...colours, input, ignore: [1], calibration: { slope: 0, intercept: 0 } }, [
    await plain('red'),
  ]);
  expect(red?.findings).toEqual([
    { tag: 'a label that is longer than thirty-two characters', confidence: 50 },
    { tag: 'first', confidence: 50 },
  ]);
});

test('a wrong description is refused with the reason', async () => {
  await expect(tagger({ ...colours, input: { width: 0, height: 4 } })).rejects.toThrow(/input\/width/);
  await expect(tagger({ ...colours, colour: true })).rejects.toThrow(/not valid/);
});

test('a description that does not fit its model is refused before the first upload', async () => {
  const other = { ...colours.input, layout: 'NCHW' };
  await expect(tagger({ ...colours, input: other })).rejects.toThrow(/colours\.onnx and its description do not fit/);
  await writeFile(join(folder, 'two.txt'), 'one\ntwo');
  await expect(tagger({ ...colours, labels: 'two.txt' })).rejects.toThrow(/knows 3 classes, its labels are 2/);
});

test('a class has several labels, and the probabilities of general names add up', async () => {
  await writeColourModel();
  await writeFile(join(folder, 'several.json'), JSON.stringify([['pug', 'dog'], ['beagle', 'dog'], ['tabby']]));
  const described = { ...colours, labels: 'several.json', groups: { animal: ['0-1', 'tabby'], cat: [2] } };
  const [colour] = await tag(described, [await plain('rgb(102, 77, 26)')]);
  expect(colour?.findings).toEqual([
    { tag: 'animal', confidence: expect.closeTo(80.39, 1) },
    { tag: 'dog', confidence: expect.closeTo(70.2, 1) },
    { tag: 'pug', confidence: 40 },
    { tag: 'beagle', confidence: expect.closeTo(30.2, 1) },
    { tag: 'cat', confidence: expect.closeTo(10.2, 1) },
    { tag: 'tabby', confidence: expect.closeTo(10.2, 1) },
  ]);
});

test('a group or a veto of something that the model does not know is refused', async () => {
  await writeColourModel();
  await expect(tagger({ ...colours, groups: { animal: [3] } })).rejects.toThrow(/group animal names 3/);
  await expect(tagger({ ...colours, groups: { animal: ['cow'] } })).rejects.toThrow(/group animal names cow/);
  await expect(tagger({ ...colours, vetoes: [{ when: ['snake'], not: ['bird'] }] })).rejects.toThrow(/names snake/);
});

test('several models add up, and one vetoes what another gives', async () => {
  await writeColourModel();
  const write = async (name: string, labels: string[], more: object) => {
    await writeFile(join(folder, `${name}-labels.json`), JSON.stringify(labels));
    const path = join(folder, `${name}.json`);
    await writeFile(path, JSON.stringify({ ...colours, name, labels: `${name}-labels.json`, ...more }));
    return path;
  };
  const one = await write('one', ['bird', 'grass', 'sky'], {});
  const other = await write('other', ['water snake', 'grass', 'rope'], {
    vetoes: [{ when: ['water snake'], not: ['bird'] }],
  });
  const taggers = await createLocalTaggers({ cacheFolder: folder, model: `${one}, ${other}`, threads: 1 });
  const picture = await readPicture(await plain('rgb(230, 51, 0)'), { maximumPixels: 1e6, previewEdge: 100 });
  const { taggings, missing } = await taggers.tag(picture, new AbortController().signal);
  await taggers.close();
  expect(missing).toEqual([]);
  expect(taggings.map(({ model, findings }) => [model, findings])).toEqual([
    [
      'one',
      [
        { tag: 'grass', confidence: 20 },
        { tag: 'bird', confidence: expect.closeTo(9.8, 1) },
      ],
    ],
    [
      'other',
      [
        { tag: 'water snake', confidence: expect.closeTo(90.2, 1) },
        { tag: 'grass', confidence: 20 },
      ],
    ],
  ]);
});

const models = join(sharedData, 'models');
// Real models and photographs.
describe.skipIf(!existsSync(models))('classifiers of ImageNet', () => {
  const photographs = [
    ['n01514668_cock.JPEG', 7],
    ['n02006656_spoonbill.JPEG', 129],
    ['n02085620_Chihuahua.JPEG', 151],
    ['n02123159_tiger_cat.JPEG', 282],
    ['n02389026_sorrel.JPEG', 339],
    ['n02454379_armadillo.JPEG', 363],
    ['n04487081_trolleybus.JPEG', 874],
    ['n07714990_broccoli.JPEG', 937],
    ['n02056570_king_penguin.JPEG', 145],
    ['n01806143_peacock.JPEG', 84],
  ].filter(([file]) => existsSync(join(sharedData, 'photos', String(file)))) as [string, number][];

  const rightOf = async (description: object, labelsOf: (index: number) => string) => {
    const files = await Promise.all(photographs.map(([file]) => readFile(join(sharedData, 'photos', file))));
    const taggings = await tag(description, files);
    return taggings.filter(({ findings }, index) => {
      const expected = labelsOf(photographs[index]?.[1] ?? -1).toLowerCase();
      return findings.slice(0, 5).some((finding) => finding.tag === expected);
    }).length;
  };

  test('SqueezeNet in float16 with BGR input', { timeout: 60_000 }, async () => {
    const labels = JSON.parse(await readFile(join(models, 'imagenet_labels_1000.json'), 'utf8')) as string[];
    const right = await rightOf(
      {
        name: 'squeezenet',
        model: join(models, 'SqueezeNet_fp16.onnx'),
        labels: join(models, 'imagenet_labels_1000.json'),
        input: { width: 224, height: 224, type: 'float16', channels: 'BGR', mean: [104, 117, 123] },
      },
      (index) => labels[index] ?? '',
    );
    expect(photographs.length).toBeGreaterThan(4);
    expect(right / photographs.length).toBeGreaterThan(0.7);
  });

  test('MobileNet with a background class', { timeout: 60_000 }, async () => {
    const labels = (await readFile(join(models, 'mobilenet_labels_1001.txt'), 'utf8')).split('\n');
    const right = await rightOf(
      {
        name: 'mobilenet',
        model: join(models, 'mobilenet_v2_1.0_224.onnx'),
        labels: join(models, 'mobilenet_labels_1001.txt'),
        ignore: [0],
        input: { width: 224, height: 224, mean: 127.5, deviation: 127.5 },
      },
      (index) => labels[index + 1]?.split(',', 1)[0] ?? '',
    );
    expect(right / photographs.length).toBeGreaterThan(0.7);
  });
});
