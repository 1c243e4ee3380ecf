import { invalidPickle } from '../errors.ts';

/** Reads a decimal integer of protocol 0. */
export function readInteger(text: string): number | bigint {
  const digits = text.trim();
  if (!/^[+-]?\d{1,600}$/.test(digits)) throw invalidPickle('a number is not one');
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits.replace(/^\+/, ''));
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', a: '\x07' };

/** Reads Python 2's `repr` of a string: quoted, with escapes. */
export function readQuoted(text: string): string {
  const quoted = text.trimEnd();
  const quote = quoted[0];
  if (quoted.length < 2 || (quote !== "'" && quote !== '"') || !quoted.endsWith(quote)) {
    throw invalidPickle('a text is not in quotes');
  }
  return quoted.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)/gs, (_, code: string) => {
    if (code.length === 3 && code.startsWith('x')) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return escapes[code] ?? code;
  });
}

/** Reads text in Python's "raw-unicode-escape": only \uXXXX and \UXXXXXXXX are escapes. */
export function readRawUnicode(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long ?? '', 16);
    if (code > 0x10ffff) throw invalidPickle('a text has a character beyond Unicode');
    return String.fromCodePoint(code);
  });
}
