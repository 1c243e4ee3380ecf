import { classifyRows } from '@vindima/contracts';
import { attribute, createGraphBuilder, encodeModel, tensor } from '@vindima/onnx';
import { afterEach, describe, expect, it } from 'vitest';
import { get, post, uploadFile } from '../support/http.ts';
import { scalingModel } from '../support/models.ts';
import { type Started, start, until } from '../support/service.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const begin = async (environment: Record<string, string> = {}): Promise<Started> => {
  const service = await start({ INFERENCE_RUN_TIMEOUT: '1500ms', INFERENCE_RUN_MEMORY: '128MiB', ...environment });
  closing.push(service.stop);
  return service;
};

/** Counts up to the largest number of its row, and adds that to it. */
const loopModel = () => {
  const graph = createGraphBuilder('loop');
  const x = graph.input('x', 'float32', [1, 2]);
  const body = createGraphBuilder('body');
  body.input('i', 'int64', []);
  const go = body.input('go', 'bool', []);
  const sum = body.input('sum', 'float32', []);
  body.output(body.rename(go, 'on'), 'bool', []);
  body.output(body.rename(body.node('Add', [sum, body.initializer(tensor.float32([1], []))]), 'next'), 'float32', []);
  const largest = graph.node('ReduceMax', [x], { keepdims: attribute.int(0) });
  const times = graph.node('Cast', [largest], { to: attribute.int(7) });
  const start = graph.initializer(tensor.float32([0], []));
  const yes = graph.initializer(tensor.bool([true], []));
  const counted = graph.node('Loop', [times, yes, start], { body: attribute.graph(body.build()) });
  graph.output(graph.rename(graph.node('Add', [x, counted]), 'logits'), 'float32', [1, 2]);
  return encodeModel({ graph: graph.build(), opsets: { '': 17 } });
};

/** Makes as many numbers as the largest of its row says. */
const memoryModel = () => {
  const graph = createGraphBuilder('memory');
  const x = graph.input('x', 'float32', [1, 2]);
  const largest = graph.node('ReduceMax', [x], { keepdims: attribute.int(0) });
  const count = graph.node('Cast', [largest], { to: attribute.int(7) });
  const shape = graph.node('Reshape', [count, graph.initializer(tensor.int64([1]))]);
  const value = attribute.tensor(tensor.float32([0.5], [1]));
  const many = graph.node('ConstantOfShape', [shape], { value });
  const sum = graph.node('ReduceSum', [many], { keepdims: attribute.int(0) });
  graph.output(graph.rename(graph.node('Add', [x, sum]), 'y'), 'float32', [1, 2]);
  return encodeModel({ graph: graph.build(), opsets: { '': 17 } });
};

const infer = ({ url }: Started, name: string, data: number[]) =>
  post(`${url}/v2/models/${name}/infer`, { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data }] });
const upload = async ({ url }: Started, name: string, bytes: Uint8Array) => {
  const { status, body } = await uploadFile(`${url}/models`, bytes, 'm.onnx', { name });
  expect([status, body.error]).toEqual([201, undefined]);
  return body;
};

describe('every run is bounded', () => {
  it('in time: its caller is told, others are answered meanwhile, and it answers again within a second', async () => {
    const service = await begin();
    await upload(service, 'calm', scalingModel(2));
    expect(await upload(service, 'loop', loopModel())).toMatchObject({ isolated: true });
    expect((await infer(service, 'loop', [3, 1])).body.outputs).toMatchObject([{ data: [6, 4] }]);
    const endless = infer(service, 'loop', [1e15, 1]);
    for (let count = 0; count < 20; count++) {
      expect((await infer(service, 'calm', [count, 1])).body.outputs).toMatchObject([{ data: [2 * count, 2] }]);
    }
    const { status, body } = await endless;
    expect([status, body.code]).toEqual([422, 'inference.run_killed']);
    expect((await infer(service, 'loop', [3, 1])).body.outputs).toMatchObject([{ data: [6, 4] }]);
    expect(await (await fetch(`${service.url}/metrics`)).text()).toMatch(
      /inference_runs_killed_total\{.*reason="time".*\} 1/,
    );
  });

  it('in memory', async () => {
    const service = await begin();
    await upload(service, 'memory', memoryModel());
    expect((await infer(service, 'memory', [4, 1])).body.outputs).toMatchObject([{ data: [6, 3] }]);
    const { status, body } = await infer(service, 'memory', [1e9, 1]);
    expect([status, body.code]).toEqual([422, 'inference.run_killed']);
    expect((await infer(service, 'memory', [4, 1])).body.outputs).toMatchObject([{ data: [6, 3] }]);
  });

  it('holds a model back that did it three times, also after a restart, until somebody promotes it', async () => {
    const first = await begin();
    await upload(first, 'loop', loopModel());
    for (let count = 0; count < 3; count++) {
      expect((await infer(first, 'loop', [1e15, 1])).body.code).toBe('inference.run_killed');
    }
    await until(async () => (await infer(first, 'loop', [3, 1])).body.code === 'inference.held_back');
    expect((await get(`${first.url}/health`)).body.held_back).toEqual(['loop@1']);
    await closing.pop()?.();
    const second = await begin({ DATA_DIR: first.folder });
    expect((await infer(second, 'loop', [3, 1])).body.code).toBe('inference.held_back');
    expect((await post(`${second.url}/models/loop/promote`, { version: 1 })).status).toBe(200);
    expect((await infer(second, 'loop', [3, 1])).status).toBe(200);
  });

  it('a message that does it goes to the dead letters after its second try, and those behind it are answered', async () => {
    const service = await begin();
    await upload(service, 'loop', loopModel());
    const row = (largest: number) => ({ model: 'loop', input: { feature_0: largest, feature_1: 1 } });
    await service.send(classifyRows, row(1e15));
    const letters = await until(async () => {
      const found = await service.deadLetters();
      return found.length === 1 && found;
    });
    expect(letters).toMatchObject([{ attempts: 2 }]);
  });
});
