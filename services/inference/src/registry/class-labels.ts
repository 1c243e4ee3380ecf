import type { Node } from '@vindima/onnx';

/** The attributes in which classifiers and ZipMap keep their classes (ONNX operators, domain ai.onnx.ml). */
export const classLabelsOf = (attributes: Node['attributes']): readonly string[] | undefined => {
  for (const name of ['classlabels_strings', 'classlabels_int64s', 'classlabels_ints']) {
    const attribute = attributes[name];
    if (attribute?.kind === 'strings' && attribute.value.length > 0) return attribute.value;
    if (attribute?.kind === 'ints' && attribute.value.length > 0) return Array.from(attribute.value, String);
  }
  return undefined;
};
