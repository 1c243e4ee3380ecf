/** What a JSON text may be, before anything is made of it. */
export interface JsonLimits {
  /** Levels of arrays and objects. */
  readonly depth: number;
  /** Keys of one object. */
  readonly keys: number;
  /** Arrays, objects and keys in all; plain elements are bounded by the size of the text. */
  readonly members: number;
}

export type JsonExcess = keyof JsonLimits;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openArray = 0x5b;
const backslash = 0x5c;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;
export const signs = { quote, comma, colon, openArray, closeArray, openObject, closeObject } as const;

/** @returns where the string that begins at `start` ends, at its closing quote; the end of the text when it has none */
export const endOfString = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before -= 1;
    // An even number of backslashes escape one another.
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
};

/** Counts what a text has, a part at a time; it need not be valid JSON. */
export const createJsonMeasure = (text: string, limits: JsonLimits) => {
  const keys: number[] = [];
  let depth = 0;
  let members = 0;
  let at = 0;

  /** @returns what is too much; undefined as long as nothing is */
  const upTo = (end: number): JsonExcess | undefined => {
    for (; at < end; at += 1) {
      const sign = text.charCodeAt(at);
      if (sign === quote) at = endOfString(text, at);
      else if (sign === colon) {
        const count = (keys[depth] ?? 0) + 1;
        keys[depth] = count;
        members += 1;
        if (count > limits.keys) return 'keys';
        if (members > limits.members) return 'members';
      } else if (sign === openArray || sign === openObject) {
        depth += 1;
        keys[depth] = 0;
        members += 1;
        if (depth > limits.depth) return 'depth';
        if (members > limits.members) return 'members';
      } else if (sign === closeArray || sign === closeObject) depth = Math.max(0, depth - 1);
    }
    return undefined;
  };
  return { upTo, isDone: () => at >= text.length };
};
