import { ServiceError } from '@vindima/contracts';
import { elementsPerRow, type Tensor } from '../tensors/tensor.ts';

/**
 * Triton's classification extension: of each row the classes with the highest scores, as texts `score:index:label`.
 *
 * @throws ServiceError 400 `inference.invalid_infer_request` for a tensor that has no numbers
 */
export const classesOf = ({ dims, data }: Tensor, count: number, labels: readonly string[] | null): Tensor => {
  if (Array.isArray(data)) {
    throw new ServiceError(
      400,
      'inference.invalid_infer_request',
      'Texts have no scores that classes could be told by.',
    );
  }
  const width = dims.length < 2 ? data.length : elementsPerRow(dims);
  const rows = dims.length < 2 ? 1 : (dims[0] ?? 1);
  const taken = Math.min(count, width);
  const texts: string[] = [];
  for (let row = 0; row < rows; row++) {
    const scores = Array.from({ length: width }, (_, index) => Number(data[row * width + index]));
    const best = [...scores.keys()].sort((left, right) => (scores[right] ?? 0) - (scores[left] ?? 0));
    for (const index of best.slice(0, taken)) {
      const label = labels?.[index];
      texts.push(`${(scores[index] ?? 0).toFixed(6)}:${index}${label === undefined ? '' : `:${label}`}`);
    }
  }
  return { datatype: 'BYTES', dims: dims.length < 2 ? [taken] : [rows, taken], data: texts };
};
