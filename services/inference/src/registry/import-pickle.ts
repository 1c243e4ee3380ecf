import type { InferenceFeature, OutputKind } from '@vindima/contracts';
import { type ConvertedPickle, convertPickleInProcess } from '../sklearn/index.ts';
import { detectCompression } from '../sklearn/joblib/decompress.ts';
import type { Importer } from './importers.ts';

/**
 * Reads models that scikit-learn has pickled (`.pkl`, `.pickle`, `.joblib`, compressed or not) and turns them into ONNX. Nothing
 * of the file is executed: see `../sklearn`.
 */
export const importPickle: Importer = async (bytes, name) => {
  if (!isPickle(bytes, name)) return undefined;
  const { onnx, origin, signature } = await convertPickleInProcess(bytes);
  return {
    onnx,
    origin: {
      format: 'pickle',
      class: origin.class,
      sklearn_version: origin.sklearnVersion,
      sha256: origin.sha256,
      protocol: origin.protocol,
      compression: origin.compression,
    },
    hints: {
      isOwn: true,
      features: signature.features.map(({ name, type }, index) => featureOf(name, type, signature.notes[index])),
      kind: kindOf(signature),
      labelValues: signature.classes?.map(String),
    },
  };
};

const kindOf = ({ task, hasProbabilities }: ConvertedPickle['signature']): OutputKind =>
  task === 'regression' ? 'regression' : hasProbabilities ? 'probabilities' : 'labels';

/** A field of a row, with what is known of it beyond its name. */
const featureOf = (
  name: string,
  type: InferenceFeature['type'],
  note: ConvertedPickle['signature']['notes'][number] | undefined,
): InferenceFeature => ({
  name,
  type,
  // Nothing but a converter knows: what an uploaded graph does to a missing number is its own matter.
  missing: note?.missing ?? false,
  ...(note?.used === false ? { used: false } : {}),
  ...(note?.categories == null ? {} : { categories: [...note.categories], unknown: note.unknown }),
});

/**
 * By content: protocols 2 to 5 begin with their number, 0 and 1 with the name of a class (no ONNX file does: its first byte is
 * the tag of `ir_version`), a compressed one with its compression's mark. By name where that tells nothing.
 */
const isPickle = (bytes: Uint8Array, name: string): boolean => {
  const [first = 0, second = 0] = bytes;
  if (first === 0x80 && second <= 5) return true;
  if (detectCompression(bytes) !== 'none') return true;
  const beginning = Buffer.from(bytes.subarray(0, 20)).toString('latin1');
  return /^(ccopy_reg\n|ccopyreg\n|c(sklearn|numpy)[.\n]|\()/.test(beginning) || /\.(pkl|pickle|joblib)$/i.test(name);
};
