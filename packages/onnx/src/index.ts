export { attribute } from './attributes.ts';
export { type DecodeLimits, defaultDecodeLimits } from './decode/budget.ts';
export { decodeModel } from './decode/model.ts';
export type { ElementType } from './element-types.ts';
export { encodeModel, type ModelParts } from './encode/model.ts';
export { createGraphBuilder, type GraphBuilder, type NodeOptions } from './graph-builder.ts';
export { inspectModel, type ModelDescription } from './inspect-model.ts';
export type * from './model.ts';
export { countElements, readTensorValues, tensor } from './tensors.ts';
