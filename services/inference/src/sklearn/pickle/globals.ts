import { unsupportedPickle } from '../errors.ts';
import { isEstimatorName } from './estimator-names.ts';
import type { KnownGlobal, Meaning } from './values.ts';

/** Single names, by module. Python 2's modules and both of numpy's names for its core are made one beforehand. */
const known = new Map<string, Meaning>([
  ['numpy.core.multiarray._reconstruct', 'numpy.reconstruct'],
  ['numpy.core.multiarray.scalar', 'numpy.scalar'],
  ['numpy.core.numeric._frombuffer', 'numpy.from-buffer'],
  ['numpy.ma.core._mareconstruct', 'numpy.masked-reconstruct'],
  ['numpy.ma._mareconstruct', 'numpy.masked-reconstruct'],
  ['numpy.dtype', 'numpy.dtype'],
  ['_codecs.encode', 'codecs.encode'],
  ['copyreg._reconstructor', 'object-reconstructor'],
  ['collections.OrderedDict', 'mapping'],
  ['builtins.dict', 'mapping'],
  ['builtins.set', 'set'],
  ['builtins.frozenset', 'set'],
  ['builtins.bytearray', 'bytes'],
  ['builtins.bytes', 'bytes'],
  ['builtins.slice', 'slice'],
  ['builtins.object', 'opaque'],
  ['builtins.float', 'opaque'],
  ['builtins.int', 'opaque'],
  ['builtins.str', 'opaque'],
  ['builtins.bool', 'opaque'],
  ['builtins.list', 'opaque'],
  ['builtins.tuple', 'opaque'],
  ['builtins.range', 'opaque'],
  ['collections.defaultdict', 'opaque'],
  ['joblib.numpy_pickle.NumpyArrayWrapper', 'joblib.array'],
  ['pandas.core.indexes.base.Index', 'opaque'],
  ['pandas.core.indexes.base._new_Index', 'opaque'],
  ['pandas.core.indexes.range.RangeIndex', 'opaque'],
  ['sklearn.compose._column_transformer._RemainderColsList', 'opaque'],
  ['sklearn.compose._column_transformer.make_column_selector', 'opaque'],
  ['functools.partial', 'opaque'],
  ['sklearn.utils.validation.check_array', 'opaque'],
  ['sklearn.utils._metadata_requests.MetadataRequest', 'opaque'],
  ['sklearn.utils._metadata_requests.MethodMetadataRequest', 'opaque'],
  ['sklearn.utils.Bunch', 'opaque'],
  ['sklearn.utils._bunch.Bunch', 'opaque'],
]);

/**
 * Families of names that are data to us: kept, never looked into unless a converter knows how. Types of numpy,
 * generators of random numbers, scikit-learn's Cython helpers, losses, scorers and splitters, scipy's distributions.
 */
const families = [
  /^numpy\.(ndarray|memmap|matrix|ma\.(core\.)?MaskedArray|bool_?|(u?int|float)(8|16|32|64)|str_|bytes_|object_|number|generic|integer|floating|inexact|int_|intc|float_|void)$/,
  /^numpy\.random(\.[a-z_\d]+)?\.\w+$/,
  /^sklearn\.(neighbors|metrics)\._?(dist_metrics|kd_tree|ball_tree|binary_tree)\.\w+$/,
  // Cython's functions that unpickle a loss say the module without its package since 1.4.
  /^(sklearn\._loss\.\w+|_loss)\.\w+$/,
  /^sklearn\.ensemble\.(_gb_losses|_gb|gradient_boosting)\.\w+$/,
  /^sklearn\.ensemble\._hist_gradient_boosting\.(predictor|binning|loss|_bitset|common)\.\w+$/,
  /^sklearn\.neural_network\._?stochastic_optimizers\.(Adam|SGD)Optimizer$/,
  /^sklearn\.linear_model\._?sgd_fast\.\w+$/,
  /^sklearn\.tree\._(tree|criterion|splitter)\.\w+$/,
  /^sklearn\.tree\.tree\._?tree\.\w+$/,
  /^sklearn\.(dummy)\.Dummy(Classifier|Regressor)$/,
  /^sklearn\.model_selection\._split\.\w+$/,
  /^sklearn\.metrics(\.[a-z_]+)*\.\w+$/,
  /^scipy\.stats\._distn_infrastructure\.rv_(continuous_|discrete_)?frozen$/,
  /^scipy\.stats\._(continuous|discrete)_distns\.\w+_gen$/,
];

/**
 * Looks up what a pickle names. The names are compared; nothing is imported, and nothing can be called.
 *
 * @throws ServiceError 422 `inference.unsupported_pickle`, with the name, for everything that is not in the list.
 */
export function resolveGlobal(writtenModule: string, name: string): KnownGlobal {
  const module = canonicalModule(writtenModule);
  const full = `${module}.${name}`;
  // Since protocol 4 a name may have dots: a chain of attributes, which no model needs.
  const plain = full.length <= 200 && /^\w+$/.test(name);
  const meaning = plain ? meaningOf(full, module, name) : undefined;
  if (meaning === undefined) {
    const shown = printable(`${writtenModule}.${name}`);
    throw unsupportedPickle(`contains ${shown}, which is not supported`, { global: shown });
  }
  return { kind: 'global', module, name, meaning };
}

function meaningOf(full: string, module: string, name: string): Meaning | undefined {
  if (isEstimatorName(module, name)) return 'estimator';
  return known.get(full) ?? (families.some((family) => family.test(full)) ? 'opaque' : undefined);
}

function canonicalModule(module: string): string {
  if (module === '__builtin__') return 'builtins';
  if (module === 'copy_reg') return 'copyreg';
  if (module.startsWith('numpy._core.')) return module.replace('numpy._core.', 'numpy.core.');
  // Versions before 0.23 carried a copy of joblib.
  return module.replace(/^sklearn\.externals\.joblib\./, 'joblib.');
}

/** @returns the text without control characters, and not longer than a line. */
export function printable(text: string): string {
  const clean = text.slice(0, 200).replace(/[^\x20-\x7e]/g, '?');
  return text.length > 200 ? `${clean}...` : clean;
}
