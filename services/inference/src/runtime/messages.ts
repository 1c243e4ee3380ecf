import type { InferenceTensor } from '@vindima/contracts';
import type { Tensors } from '../tensors/tensor.ts';
import type { WireError } from '../trial/messages.ts';

/** What the runtime's threads are asked to do. */
export type RuntimeRequest =
  | { readonly kind: 'load'; readonly key: number; readonly onnx: Uint8Array; readonly threads: number }
  | {
      readonly kind: 'run';
      readonly key: number;
      readonly feeds: Tensors;
      readonly rows: number;
      readonly chunk: number | null;
    }
  | { readonly kind: 'unload'; readonly key: number };

export type RuntimeAnswer =
  | { readonly id: number; readonly outputs: Tensors }
  | { readonly id: number; readonly loaded: { readonly inputs: readonly InferenceTensor[] } }
  | { readonly id: number; readonly unloaded: true }
  | { readonly id: number; readonly error: WireError };

/** Bytes from which handing memory to another thread is cheaper than copying it. */
const largeBytes = 64 * 1024;

/** The memory of large tensors, to be handed to another thread instead of copied. */
export const buffersOf = (tensors: Tensors): ArrayBuffer[] => {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of Object.values(tensors)) {
    if (!ArrayBuffer.isView(data) || !(data.buffer instanceof ArrayBuffer)) continue;
    if (data.buffer.byteLength >= largeBytes) buffers.add(data.buffer);
  }
  return [...buffers];
};
