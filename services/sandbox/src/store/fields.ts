import { invalid, notNumeric } from './errors.ts';

/** The body of a request as an object; anything else has no fields. */
export const fieldsOf = (body: unknown): Record<string, unknown> =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {};

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const isUrl = (value: unknown): value is string => typeof value === 'string' && URL.canParse(value);

/** The number in a path. @throws StoreRefusal */
export const idOf = (params: unknown): number => {
  const id = text(fieldsOf(params).id);
  if (!/^\d+$/.test(id)) throw notNumeric();
  return Number(id);
};

/** Collects what is wrong with a body, and refuses it with all of it. */
export const check = (...problems: (string | false)[]) => {
  const found = problems.filter((problem) => problem !== false);
  if (found.length > 0) throw invalid(...found);
};
