import { type TSchema, Type } from 'typebox';
import { Nullable } from './schema.ts';

/** The query of every paged list. */
export const PageQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Items per page' })),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: 'next_cursor of the page before' })),
});

/** A page of items; `next_cursor` is null on the last one. */
export const Page = <Item extends TSchema>(item: Item) =>
  Type.Object({
    items: Type.Array(item),
    next_cursor: Nullable(Type.String()),
  });
