/**
 * Writes a value for a JSON column. Such a column is text on every engine: what comes back is what was written.
 *
 * @throws TypeError when the value has no JSON form (undefined, a function).
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError('the value has no JSON form');
  return text;
}

/**
 * Reads the text of a JSON column. The caller says what type it wrote.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function fromJson<Value>(text: string): Value {
  return JSON.parse(text) as Value;
}
