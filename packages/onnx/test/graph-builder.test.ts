import { expect, test } from 'vitest';
import { createGraphBuilder, tensor } from '../src/index.ts';

test('a value that nothing computes cannot be used', () => {
  const graph = createGraphBuilder('g');
  expect(() => graph.node('Relu', ['missing'])).toThrow('Relu uses "missing", which nothing computes');
  expect(() => graph.output('missing', 'float32')).toThrow('"missing"');
});

test('a name cannot be defined twice', () => {
  const graph = createGraphBuilder('g');
  graph.input('x', 'float32', [1]);
  expect(() => graph.input('x', 'float32', [1])).toThrow('twice');
  expect(() => graph.rename('x', 'x')).toThrow('twice');
});

test('names made by the builder never meet names that were given', () => {
  const graph = createGraphBuilder('g');
  graph.input('relu_1', 'float32', [1]);
  expect(graph.node('Relu', ['relu_1'])).toBe('relu_2');
  expect(graph.initializer(tensor.float32([1]))).toBe('constant_1');
});

test('an optional input can be left out', () => {
  const graph = createGraphBuilder('g');
  graph.input('x', 'float32', [1]);
  expect(graph.node('Clip', ['x', '', 'x'])).toBe('clip_1');
});

test('a tensor whose shape does not fit its elements is refused', () => {
  expect(() => tensor.float32([1, 2, 3], [2, 2])).toThrow('has 4 elements, not 3');
});
