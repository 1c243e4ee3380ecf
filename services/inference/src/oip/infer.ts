import { type InferenceSignature, type OipInferRequest, ServiceError } from '@vindima/contracts';
import { isClassifier, type RowClass, readClasses } from '../classify/read-classes.ts';
import type { Recorder } from '../history/recorder.ts';
import { toHistoryRow } from '../history/row.ts';
import type { Registry } from '../registry/registry.ts';
import { elementsJson } from '../tensors/json.ts';
import type { RowRange } from '../tensors/rows.ts';
import { elementsPerRow } from '../tensors/tensor.ts';
import type { Binary } from './binary.ts';
import { readInferRequest } from './infer-request.ts';
import { type InferAnswer, inferResponse } from './infer-response.ts';

export interface InferPorts {
  readonly registry: Registry;
  readonly recorder: Recorder;
  readonly maximumRows: number;
}

export interface InferOptions {
  /** Tensors behind the JSON. */
  readonly binary?: Binary | undefined;
  /** Whether Infinity and NaN are written as such. */
  readonly literal?: boolean;
}

/** Elements of a row that the history keeps as they are. */
const keptElements = 4096;

/**
 * Answers an inference request of the Open Inference Protocol and remembers each of its rows.
 *
 * @throws ServiceError 400, 404, 409, 422, 429, 503
 */
export const infer = async (
  { registry, recorder, maximumRows }: InferPorts,
  name: string,
  version: number | undefined,
  request: OipInferRequest,
  { binary, literal = false }: InferOptions = {},
): Promise<InferAnswer> => {
  const lease = await registry.lease(name, version);
  try {
    const { signature, ref } = lease;
    const { feeds, rows, outputs: names, warnings } = readInferRequest(signature, request, binary);
    if (rows > maximumRows) {
      throw new ServiceError(
        413,
        'inference.too_many_rows',
        `A request has ${maximumRows} rows at most; more are work for a job.`,
      );
    }
    // Before the run: the tensors move to the thread that runs them.
    const asked = { tensors: feeds, start: 0, rows, alone: true };
    const inputs = Array.from({ length: rows }, (_, row) => rowJson(asked, row));
    const answered = await lease.batcher.run(feeds, rows);
    const classes = classesOf(signature, answered);
    const recorded = inputs.map((input, row) => {
      const answer = classes?.[row];
      const output =
        answer === undefined
          ? rowJson(answered, row)
          : JSON.stringify({ class: answer.class, probabilities: answer.probabilities });
      const { class: label = null, probabilities = null } = answer ?? {};
      return toHistoryRow({ model: ref, source: 'oip', class: label, probabilities, input, output });
    });
    const { labels } = signature;
    const answer = inferResponse(ref, { request, names, warnings, labels, literal }, answered);
    await recorder.record(recorded);
    return answer;
  } finally {
    lease.release();
  }
};

/** Classes for the history, where the outputs can be read as such: whatever is believed of them, the tensors go out. */
const classesOf = (signature: InferenceSignature, answered: RowRange): RowClass[] | undefined => {
  if (!isClassifier(signature)) return undefined;
  try {
    return readClasses(signature, answered);
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
};

/** One row of tensors as the history keeps it: by name, flat, or only its size where it is large. */
const rowJson = ({ tensors, start, rows, alone }: RowRange, row: number): string => {
  const fields = Object.entries(tensors).map(([name, tensor]) => {
    const { dims, datatype, data } = tensor;
    // What does not consist of rows is one.
    const isWhole = alone && rows === 1;
    const width = isWhole ? data.length : elementsPerRow(dims);
    const shape = isWhole ? dims : [1, ...dims.slice(1)];
    const kept =
      width > keptElements
        ? JSON.stringify({ omitted: 'too large for the history', shape, datatype })
        : elementsJson(tensor, (start + row) * width, (start + row + 1) * width);
    return `${JSON.stringify(name)}:${kept}`;
  });
  return `{${fields}}`;
};
