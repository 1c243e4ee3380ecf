import { type JsonObject, type JsonValue, NumberText } from './value.ts';

/** A text that is not JSON, with the place of the first token that cannot be. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

export interface ParseOptions {
  /** Whether NaN, Infinity and -Infinity are numbers, as Python writes them. */
  readonly nan: boolean;
  /** Told of a key that its object has already. */
  readonly onDuplicate: (key: string) => void;
}

const space = /[ \t\n\r]*/y;
// A long text is one run of a character class: alternatives in a loop would need a stack as long as the text.
const plain = String.raw`[^"\\\u0000-\u001f]*`;
const string = new RegExp(String.raw`"${plain}(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})${plain})*"`, 'y');
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
const word = /(?:true|false|null)(?![\w.+-])/y;
const notANumber = /(?:NaN|-?Infinity)(?![\w.+-])/y;

/**
 * Parses JSON strictly (RFC 8259). Unlike `JSON.parse` it keeps the order of all keys, tells of repeated ones, keeps numbers
 * as they are written, and always knows where a text stops being JSON.
 * @throws JsonError
 */
export const parseJson = (text: string, { nan, onDuplicate }: ParseOptions): JsonValue => {
  let at = 0;

  const fail = (): never => {
    const found = text.slice(at, at + 20);
    if (found === '') throw new JsonError('it ends inside a value', at);
    if (found.startsWith('"')) throw new JsonError('this string is not well formed', at);
    throw new JsonError(`unexpected ${JSON.stringify(/^[\w.+-]+/.exec(found)?.[0] ?? found[0])}`, at);
  };
  const take = (token: RegExp): string | undefined => {
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  /** Goes over a mark, if it is next. */
  const skip = (mark: string): boolean => {
    take(space);
    if (text[at] !== mark) return false;
    at += 1;
    return true;
  };
  const stringNext = (): string => {
    take(space);
    const quoted = take(string) ?? fail();
    return quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1);
  };

  const value = (): JsonValue => {
    take(space);
    switch (text[at]) {
      case '{':
        return object();
      case '[':
        return array();
      case '"':
        return stringNext();
      default:
        return scalar();
    }
  };
  const scalar = (): JsonValue => {
    const digits = take(number) ?? (nan ? take(notANumber) : undefined);
    if (digits !== undefined) return digits === 'NaN' ? null : new NumberText(digits);
    switch (take(word)) {
      case 'true':
        return true;
      case 'false':
        return false;
      case 'null':
        return null;
      default:
        return fail();
    }
  };
  const object = (): JsonObject => {
    const members: JsonObject = new Map();
    at += 1;
    if (skip('}')) return members;
    do {
      const key = stringNext();
      if (!skip(':')) fail();
      if (members.has(key)) onDuplicate(key);
      members.set(key, value());
    } while (skip(','));
    if (!skip('}')) fail();
    return members;
  };
  const array = (): JsonValue[] => {
    const items: JsonValue[] = [];
    at += 1;
    if (skip(']')) return items;
    do items.push(value());
    while (skip(','));
    if (!skip(']')) fail();
    return items;
  };

  const parsed = value();
  take(space);
  if (at < text.length) fail();
  return parsed;
};
