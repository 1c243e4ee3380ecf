import { attribute, type Model, type Node } from '@vindima/onnx';

/** A locale that every Linux has. Its letters are those of Unicode, as in the English one that operators have by default. */
export const knownLocale = 'C.UTF-8';

/**
 * StringNormalizer changes letters by a locale of the system, `en_US` unless told, which containers mostly lack.
 *
 * @returns the very same object when there was nothing to do
 */
export const withKnownLocale = (model: Model): Model => {
  if (process.platform !== 'linux' || !model.graph.nodes.some(isEnglish)) return model;
  const nodes = model.graph.nodes.map((node) =>
    isEnglish(node) ? { ...node, attributes: { ...node.attributes, locale: attribute.string(knownLocale) } } : node,
  );
  return { ...model, graph: { ...model.graph, nodes } };
};

const isEnglish = ({ operator, domain, attributes }: Node): boolean => {
  if (operator !== 'StringNormalizer' || domain !== '') return false;
  const { locale } = attributes;
  return locale?.kind !== 'string' || /^en_US/i.test(locale.value) || locale.value === '';
};
