import { ServiceError } from '@vindima/contracts';

/** Where a page begins. */
export interface Cursor {
  /** Stands for the data and the filter: pages of different ones do not fit together. */
  readonly version: string;
  /** Figures before the page. */
  readonly offset: number;
}

export const encodeCursor = ({ version, offset }: Cursor): string =>
  Buffer.from(`${offset}:${version}`).toString('base64url');

/**
 * @param cursor as the client sent it; undefined is the first page
 * @returns the figures before the page
 * @throws 400 `wine.invalid_cursor`; 410 `wine.expired_cursor` when data or filter are others than those of the page before.
 */
export const decodeCursor = (cursor: string | undefined, version: string): number => {
  if (cursor === undefined) return 0;
  const match = /^(\d{1,9}):(.+)$/s.exec(Buffer.from(cursor, 'base64url').toString());
  if (match === null) throw new ServiceError(400, 'wine.invalid_cursor', 'The cursor is not one of ours.');
  if (match[2] !== version) {
    throw new ServiceError(
      410,
      'wine.expired_cursor',
      'The cursor belongs to other data or another filter. Begin again without it.',
    );
  }
  return Number(match[1]);
};
