/** Numbers that JSON does not have, and whole numbers that would lose digits in JavaScript. */
const odd = /NaN|Infinity|\d{16}/;

/** Texts, numbers, and what is no JSON. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?Infinity|NaN/g;

/**
 * Makes JSON of what clients of the protocol write: `NaN`, `Infinity` and `-Infinity` become texts of that name, and whole numbers beyond
 * 2^53 texts with all their digits; whoever reads a tensor takes them for numbers.
 */
export const toPlainJson = (text: string): string =>
  odd.test(text) ? text.replaceAll(tokens, (token) => (isOdd(token) ? `"${token}"` : token)) : text;

const isOdd = (token: string): boolean =>
  /^-?(NaN|Infinity)$/.test(token) || (/^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)));
