import type { Tensors } from '../tensors/tensor.ts';
import type { WireError } from '../trial/messages.ts';

/** What the process of one model is asked. */
export type IsolatedRequest =
  | { readonly id: number; readonly kind: 'load'; readonly file: string; readonly threads: number }
  | {
      readonly id: number;
      readonly kind: 'run';
      readonly feeds: Tensors;
      readonly rows: number;
      readonly chunk: number | null;
    };

export type IsolatedAnswer =
  | { readonly id: number; readonly loaded: true }
  | { readonly id: number; readonly outputs: Tensors }
  | { readonly id: number; readonly error: WireError };
