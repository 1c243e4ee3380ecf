import { ServiceError } from '@vindima/contracts';
import { decodeModel, encodeModel, inspectModel, type Model } from '@vindima/onnx';
import { classLabelsOf } from './class-labels.ts';
import type { Importer, ModelHints } from './importers.ts';
import { knownLocale, withKnownLocale } from './string-locale.ts';
import { stripContainers } from './strip-containers.ts';

/** Reads ONNX files; outputs that are no tensors are made tensors, since the runtime's Node.js API returns nothing else. */
export const importOnnx: Importer = async (bytes) => {
  const model = decodeModel(bytes);
  if (model.graph.nodes.length === 0 || model.graph.outputs.length === 0) {
    throw new ServiceError(422, 'inference.not_a_model', 'The file is not a model: it computes nothing.');
  }
  const { externalData, producer } = inspectModel(bytes);
  if (externalData.length > 0) {
    throw new ServiceError(
      422,
      'inference.external_data',
      `The model keeps its weights in another file (${externalData.slice(0, 3).join(', ').slice(0, 200)}); upload it with the weights inside.`,
      { details: { files: externalData.slice(0, 20) } },
    );
  }
  const { model: stripped, labelValues } = stripContainers(withKnownLocale(model));
  const changed = [
    ...(labelValues === undefined ? [] : ['ZipMap was removed: scores are a tensor']),
    ...(withKnownLocale(model) === model ? [] : [`StringNormalizer has the locale ${knownLocale}`]),
  ];
  return {
    onnx: stripped === model ? bytes : encodeModel(stripped),
    origin: {
      format: 'onnx',
      producer: `${producer.name} ${producer.version}`.trim(),
      ...(changed.length === 0 ? {} : { changed: changed.join('; ') }),
    },
    hints: {
      labelValues: labelValues ?? classLabels(model),
      featureNames: namesIn(model.metadata.feature_names),
    },
  };
};

/** Classes as a classifier of `ai.onnx.ml` knows them, if the model has exactly one. */
const classLabels = (model: Model): ModelHints['labelValues'] => {
  const found = model.graph.nodes.flatMap(({ domain, attributes }) => {
    if (domain !== 'ai.onnx.ml') return [];
    const labels = classLabelsOf(attributes);
    return labels === undefined ? [] : [labels];
  });
  return found.length === 1 ? found[0] : namesIn(model.metadata.labels ?? model.metadata.classes);
};

/** Exporters write lists of names as JSON or with commas. */
const namesIn = (text: string | undefined): readonly string[] | undefined => {
  if (text === undefined || text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value.map(String);
    if (typeof value === 'object' && value !== null) return Object.values(value).map(String);
  } catch {
    // Not JSON then.
  }
  return text.split(',').map((name) => name.trim());
};
