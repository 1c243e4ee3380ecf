import { attribute, createGraphBuilder, encodeModel } from '@vindima/onnx';
import type { LinearModel } from './discriminant-analysis.ts';

/**
 * Writes the model as ONNX: `features` [rows, 4] in; `label` [rows] (a text) and `probabilities` [rows, classes] out.
 * LinearClassifier is of the operators for classical machine learning (domain ai.onnx.ml, version 1).
 */
export const encodeIris = ({ weights, bias }: LinearModel, labels: readonly string[]): Uint8Array => {
  const graph = createGraphBuilder('iris');
  const features = graph.input('features', 'float32', ['rows', weights[0]?.length ?? 0]);
  graph.nodes('LinearClassifier', [features], {
    domain: 'ai.onnx.ml',
    outputs: ['label', 'probabilities'],
    attributes: {
      coefficients: attribute.floats(weights.flat()),
      intercepts: attribute.floats(bias),
      classlabels_strings: attribute.strings(labels),
      multi_class: attribute.int(1),
      post_transform: attribute.string('SOFTMAX'),
    },
  });
  graph.output('label', 'string', ['rows']);
  graph.output('probabilities', 'float32', ['rows', labels.length]);
  return encodeModel({
    graph: graph.build(),
    opsets: { '': 21, 'ai.onnx.ml': 1 },
    producerName: 'vindima',
    description: "Linear discriminant analysis of R. A. Fisher's iris data",
    metadata: {
      feature_names: JSON.stringify(['SepalLengthCm', 'SepalWidthCm', 'PetalLengthCm', 'PetalWidthCm']),
    },
  });
};
