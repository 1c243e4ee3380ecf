/** What V8 passes to a reviver besides key and value (ECMA-262, "JSON.parse source text access"). */
type SourceReviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Parses JSON with every `price` as it was written, `19.90` or `1e21`, so that no amount passes through a float. @throws SyntaxError */
export const parseWithExactPrices = (text: string): unknown => {
  const keepSource: SourceReviver = (key, value, { source }) =>
    key === 'price' && typeof value === 'number' && source !== undefined ? source : value;
  return JSON.parse(text, keepSource as (this: unknown, key: string, value: unknown) => unknown);
};
