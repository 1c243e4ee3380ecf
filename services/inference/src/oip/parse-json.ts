/** Numbers that JSON does not have, and whole numbers that lose digits in JavaScript. */
const odd = /NaN|Infinity|\d{16}/;

/** Texts, and outside of them what is no JSON. */
const tokens = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g;

/**
 * Parses the JSON that clients of the protocol write: `NaN`, `Infinity` and `-Infinity` become texts of that name, and whole numbers beyond
 * 2^53 texts with all their digits; whoever reads a tensor takes them for numbers.
 *
 * @throws SyntaxError
 */
export const parseJson = (text: string): unknown => {
  if (!odd.test(text)) return JSON.parse(text);
  const plain = text.replaceAll(tokens, (token) => (token.startsWith('"') ? token : `"${token}"`));
  return JSON.parse(plain, keepDigits);
};

interface Source {
  readonly source?: string;
}

const keepDigits = (_: string, value: unknown, context?: Source): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
    ? context?.source
    : value;
