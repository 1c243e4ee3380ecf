import { attribute, createGraphBuilder, encodeModel, tensor } from '@vindima/onnx';

const opsets = { '': 21 };

/** A model that gives every row one class, by scores that leave no doubt. Its labels come as metadata. */
export const constantModel = (classes: number, winner: number, rows: number | string = 'rows'): Uint8Array => {
  const graph = createGraphBuilder('constant');
  const x = graph.input('x', 'float32', [rows, 1]);
  const zero = graph.node('Mul', [x, graph.initializer(tensor.float32([0], [1]))]);
  const scores = Array.from({ length: classes }, (_, index) => (index === winner ? 1 : 0));
  const all = graph.node('Add', [zero, graph.initializer(tensor.float32(scores, [1, classes]))]);
  graph.output(graph.rename(all, 'scores'), 'float32', [rows, classes]);
  return encodeModel({ graph: graph.build(), opsets });
};

/** Answers `x * factor`: every caller can tell whether the answer is its own. */
export const scalingModel = (factor: number, rows: number | string = 'rows'): Uint8Array => {
  const graph = createGraphBuilder('scaling');
  const x = graph.input('x', 'float32', [rows, 2]);
  graph.output(graph.rename(graph.node('Mul', [x, graph.initializer(tensor.float32([factor], [1]))]), 'y'), 'float32', [
    rows,
    2,
  ]);
  return encodeModel({ graph: graph.build(), opsets });
};

/** Divides each row by the sum of all rows: rows that run together get another answer than alone. */
export const mixingModel = (): Uint8Array => {
  const graph = createGraphBuilder('mixing');
  const x = graph.input('x', 'float32', ['rows', 2]);
  const one = graph.initializer(tensor.float32([1], [1]));
  const sum = graph.node('ReduceSum', [graph.node('Add', [x, one])], { keepdims: attribute.int(1) });
  graph.output(graph.rename(graph.node('Div', [x, sum]), 'y'), 'float32', ['rows', 2]);
  return encodeModel({ graph: graph.build(), opsets });
};

/** Looks a number up in a table of three: any other index fails when it runs. */
export const lookupModel = (): Uint8Array => {
  const graph = createGraphBuilder('lookup');
  const index = graph.input('index', 'int64', ['rows', 1]);
  const table = graph.initializer(tensor.float32([10, 20, 30], [3]));
  graph.output(graph.rename(graph.node('Gather', [table, index]), 'found'), 'float32', ['rows', 1]);
  return encodeModel({ graph: graph.build(), opsets });
};

/** Gives back what it gets, of one element type. */
export const echoModel = (type: 'string' | 'int64' | 'bool' | 'float16' | 'float64' | 'uint8'): Uint8Array => {
  const graph = createGraphBuilder('echo');
  const x = graph.input('odd name: 1/x', type, ['rows', 2]);
  graph.output(graph.rename(x, 'same'), type, ['rows', 2]);
  return encodeModel({ graph: graph.build(), opsets });
};

/** Uses an operator that no runtime has. */
export const unknownOperatorModel = (): Uint8Array => {
  const graph = createGraphBuilder('unknown');
  const x = graph.input('x', 'float32', ['rows', 2]);
  graph.output(graph.node('NoSuchOperator', [x], {}, 'com.example'), 'float32', ['rows', 2]);
  return encodeModel({ graph: graph.build(), opsets: { ...opsets, 'com.example': 1 } });
};

/** Keeps a weight in a file outside its folder. */
export const externalDataModel = (location: string): Uint8Array => {
  const graph = createGraphBuilder('external');
  const x = graph.input('x', 'float32', ['rows', 2]);
  const weight = graph.initializer({
    name: 'w',
    type: 'float32',
    dims: [2],
    content: { kind: 'external', location, details: {} },
  });
  graph.output(graph.node('Mul', [x, weight]), 'float32', ['rows', 2]);
  return encodeModel({ graph: graph.build(), opsets });
};

/** Some bytes that ask for a tensor of 8 GB. */
export const hugeTensorModel = (): Uint8Array => {
  const graph = createGraphBuilder('huge');
  const x = graph.input('x', 'float32', ['rows', 2]);
  const value = attribute.tensor(tensor.float32([1], [1]));
  const huge = graph.node('ConstantOfShape', [graph.initializer(tensor.int64([2_000_000_000]))], { value });
  const sum = graph.node('ReduceSum', [huge], { keepdims: attribute.int(1) });
  graph.output(graph.rename(graph.node('Mul', [x, sum]), 'y'), 'float32', ['rows', 2]);
  return encodeModel({ graph: graph.build(), opsets });
};
