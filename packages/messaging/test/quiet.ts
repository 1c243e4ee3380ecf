import type { Logger } from '../src/index.ts';

/** Says nothing: what is logged is not what these tests are about. */
export const quiet: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
