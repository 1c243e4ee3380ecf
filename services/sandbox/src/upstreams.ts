import { ecb } from './ecb/index.ts';
import { imagekit } from './imagekit/index.ts';
import { imagga } from './imagga/index.ts';
import { store } from './store/index.ts';
import type { Upstream } from './upstream.ts';
import { vitibrasil } from './vitibrasil/index.ts';

/** Every public API that the sandbox stands in for. */
export const upstreams: readonly Upstream[] = [
  // A line each.
  vitibrasil,
  ecb,
  store,
  imagga,
  imagekit,
];
