/** What both engines take as a parameter. */
export type BoundValue = null | string | number | bigint | Uint8Array;

/**
 * Makes a query parameter mean the same on both engines: booleans become 1 and 0, dates their ISO 8601 text in UTC.
 * Everything else that the drivers would guess about (objects, arrays, undefined, NaN) is refused.
 *
 * @throws TypeError for a value that has no meaning in SQL.
 */
export function bindValue(value: unknown): BoundValue {
  switch (typeof value) {
    case 'string':
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} cannot be stored in a database`);
      return value;
  }
  if (value === null || value instanceof Uint8Array) return value;
  if (value instanceof Date) return value.toISOString();
  const kind = Array.isArray(value)
    ? 'an array'
    : value === undefined
      ? 'undefined'
      : `a value of type ${typeof value}`;
  throw new TypeError(`${kind} cannot be a query parameter; write JSON with toJson()`);
}
