import { ServiceError } from '@vindima/contracts';
import type { Graph, Model, Node, ValueInfo } from '@vindima/onnx';
import { classLabelsOf } from './class-labels.ts';

interface Stripped {
  /** The very same object when there was nothing to do. */
  readonly model: Model;
  /** Classes that the ZipMap named. */
  readonly labelValues: readonly string[] | undefined;
}

/**
 * Exports of scikit-learn models end in a ZipMap, which turns the tensor of scores into a list of maps. It is replaced by an
 * Identity, so that the output of the same name is the tensor itself; the classes it names are kept. Any other output that is
 * no tensor is dropped where tensors remain.
 *
 * @throws ServiceError 422 `inference.no_tensor_output`
 */
export const stripContainers = (model: Model): Stripped => {
  const { graph } = model;
  if (graph.outputs.every(({ type }) => type.kind === 'tensor')) return { model, labelValues: undefined };
  let labelValues: readonly string[] | undefined;
  const outputs: ValueInfo[] = [];
  let nodes = graph.nodes;
  for (const output of graph.outputs) {
    if (output.type.kind === 'tensor') {
      outputs.push(output);
      continue;
    }
    const zipMap = nodes.find((node) => isZipMap(node) && node.outputs[0] === output.name);
    if (zipMap === undefined) continue;
    labelValues ??= classLabelsOf(zipMap.attributes);
    nodes = nodes.map((node) => (node === zipMap ? toIdentity(node) : node));
    outputs.push({
      name: output.name,
      type: { kind: 'tensor', type: 'float32', shape: [null, classLabelsOf(zipMap.attributes)?.length ?? null] },
    });
  }
  if (outputs.length === 0) {
    throw new ServiceError(422, 'inference.no_tensor_output', 'The model has no output that is a tensor.');
  }
  const hasStandard = '' in model.opsets || 'ai.onnx' in model.opsets;
  const opsets = hasStandard ? model.opsets : { ...model.opsets, '': 13 };
  return { model: { ...model, opsets, graph: { ...graph, nodes, outputs } satisfies Graph }, labelValues };
};

const isZipMap = ({ operator, domain }: Node) => operator === 'ZipMap' && domain === 'ai.onnx.ml';

const toIdentity = (node: Node): Node => ({ ...node, operator: 'Identity', domain: '', attributes: {} });
