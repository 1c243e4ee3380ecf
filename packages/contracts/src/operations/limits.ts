import type { OperationInput } from './define-operation.ts';

/** Bytes of a body that does not say otherwise. */
export const usualBodyBytes = 2 ** 20;

/** The most that the body of an operation may have: bytes, or `file` for as much as a file may have. */
export const bodyBytesOf = ({ body }: Pick<OperationInput, 'body'>): number | 'file' => body?.bytes ?? usualBodyBytes;
