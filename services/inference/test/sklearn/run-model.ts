import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ConvertedPickle } from '../../src/sklearn/index.ts';

/** Rows of a table: lists of numbers, or columns by name. */
export type Rows =
  | readonly (readonly (number | null)[])[]
  | Readonly<Record<string, readonly (number | string | null)[]>>;

export interface Answers {
  readonly labels: (string | number)[];
  readonly probabilities: number[][];
  readonly values: number[][];
}

/** Runs a converted model on all rows with onnxruntime. */
export async function runModel({ onnx, signature }: ConvertedPickle, rows: Rows): Promise<Answers> {
  const session = await InferenceSession.create(onnx, { logSeverityLevel: 3 });
  try {
    const result = await session.run(feedsOf(signature.features, rows));
    const labels = result.label === undefined ? [] : Array.from(result.label.data as Iterable<unknown>, toLabel);
    return { labels, probabilities: tableOf(result.probabilities), values: tableOf(result.value) };
  } finally {
    await session.release();
  }
}

function feedsOf(features: ConvertedPickle['signature']['features'], rows: Rows): Record<string, Tensor> {
  if (features.every((feature) => feature.type === 'number')) {
    const table = isTable(rows) ? rows : turned(features.map((feature) => rows[feature.name] ?? []));
    const data = Float64Array.from(table.flat(), (value) => (value === null ? Number.NaN : Number(value)));
    return { features: new Tensor('float64', data, [table.length, features.length]) };
  }
  if (isTable(rows)) throw new Error('texts come in columns');
  const feeds = features.map(({ name, type, input }, index) => {
    const column = rows[name] ?? Object.values(rows)[index] ?? [];
    const tensor =
      type === 'text'
        ? new Tensor('string', column.map(String), [column.length, 1])
        : new Tensor(
            'float64',
            Float64Array.from(column, (value) => (value === null ? Number.NaN : Number(value))),
            [column.length, 1],
          );
    return [input, tensor] as const;
  });
  return Object.fromEntries(feeds);
}

function isTable(rows: Rows): rows is readonly (readonly (number | null)[])[] {
  return Array.isArray(rows);
}

function turned<T>(columns: readonly (readonly T[])[]): T[][] {
  return (columns[0] ?? []).map((_, row) => columns.map((column) => column[row] as T));
}

function toLabel(value: unknown): string | number {
  return typeof value === 'bigint' ? Number(value) : String(value);
}

function tableOf(tensor: Tensor | undefined): number[][] {
  if (tensor === undefined) return [];
  const [rows = 0, width = 0] = tensor.dims;
  const data = Array.from(tensor.data as Float64Array);
  return Array.from({ length: rows }, (_, row) => data.slice(row * width, (row + 1) * width));
}
