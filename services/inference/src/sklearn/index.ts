export type { Feature, Signature } from './build-model.ts';
export { convertPickleInProcess, type ProcessOptions } from './convert-in-process.ts';
export { type ConvertedPickle, convertPickle, type PickleOrigin } from './convert-pickle.ts';
export { defaultPickleLimits, type PickleLimits } from './limits.ts';
