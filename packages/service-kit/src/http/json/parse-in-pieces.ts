import { setImmediate as turn } from 'node:timers/promises';
import { endOfString, signs } from './measure.ts';

/** Parses a whole, small text. @throws when it is not JSON */
export type ParsePiece = (text: string) => unknown;

/** Of what is parsed in one go. */
export const pieceLength = 128 * 1024;

/** An array or object that is being filled. */
interface Container {
  readonly value: unknown[] | Record<string, unknown>;
  /** What has come last in it. */
  last: 'nothing' | 'member' | 'comma';
}

/** One that has begun, but of which nothing was made yet. */
interface Opened {
  readonly at: number;
  /** Where the member of its parent begins: at the key in an object, at the value in an array. */
  readonly member: number;
}

const invalid = () => new SyntaxError('The text is not JSON.');
const isBlank = (text: string) => /^[ \t\n\r]*$/.test(text);

/** Adds members, separated by commas, to a container. */
const fill = (container: Container, run: string, endsWithComma: boolean, parse: ParsePiece): void => {
  let text = run;
  if (container.last === 'member') {
    if (isBlank(text)) {
      if (endsWithComma) container.last = 'comma';
      return;
    }
    const start = text.search(/[^ \t\n\r]/);
    if (text[start] !== ',') throw invalid();
    text = text.slice(start + 1);
    container.last = 'comma';
  }
  if (isBlank(text)) {
    if (endsWithComma || container.last === 'comma') throw invalid();
    return;
  }
  const { value } = container;
  if (Array.isArray(value)) for (const element of parse(`[${text}]`) as unknown[]) value.push(element);
  else Object.assign(value, parse(`{${text}}`));
  container.last = endsWithComma ? 'comma' : 'member';
};

/** Puts an empty container into its parent, at the place that `text` (a key and a colon in an object) names. */
const attach = (parent: Container, text: string, value: Container['value'], parse: ParsePiece): void => {
  if (parent.last === 'member') throw invalid();
  if (Array.isArray(parent.value)) {
    if (!isBlank(text)) throw invalid();
    parent.value.push(value);
  } else {
    if (!/:[ \t\n\r]*$/.test(text)) throw invalid();
    // As a whole object, so that the key is held to the same rules as every other.
    const [key] = Object.keys(parse(`{${text}0}`) as object);
    if (key === undefined || key === 'constructor') throw invalid();
    parent.value[key] = value;
  }
  parent.last = 'member';
};

/**
 * Parses a large JSON text as `JSON.parse` would, but lets the event loop turn after every piece of it: whole members are handed to the parser,
 * a piece at a time, and only what is larger than a piece is put together here.
 *
 * @param length of a piece
 * @throws SyntaxError when the text is not JSON; what `parse` throws
 */
export const parseInPieces = async (text: string, parse: ParsePiece, length = pieceLength): Promise<unknown> => {
  const root: Container = { value: [], last: 'nothing' };
  const filled: Container[] = [root];
  const opened: Opened[] = [];
  const top = () => filled.at(-1) ?? root;
  let start = 0;
  let member = 0;
  let turned = 0;

  /** Makes what has been opened, so that members can be added to it. */
  const makeOpened = () => {
    for (const { at, member: place } of opened.splice(0)) {
      if (place > start) fill(top(), text.slice(start, place - 1), true, parse);
      const value = text.charCodeAt(at) === signs.openArray ? [] : {};
      attach(top(), text.slice(place, at), value, parse);
      filled.push({ value, last: 'nothing' });
      start = at + 1;
    }
  };
  const close = (at: number, isArray: boolean) => {
    const container = top();
    if (filled.length === 1 || Array.isArray(container.value) !== isArray) throw invalid();
    fill(container, text.slice(start, at), false, parse);
    if (container.last === 'comma') throw invalid();
    filled.pop();
    start = at + 1;
    member = start;
  };

  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === signs.quote) at = endOfString(text, at);
    else if (sign === signs.openArray || sign === signs.openObject) {
      opened.push({ at, member });
      member = at + 1;
    } else if (sign === signs.closeArray || sign === signs.closeObject) {
      const last = opened.pop();
      if (last === undefined) close(at, sign === signs.closeArray);
      else member = last.member;
    } else if (sign === signs.comma) {
      if (at - start >= length) {
        makeOpened();
        fill(top(), text.slice(start, at), true, parse);
        start = at + 1;
      }
      member = at + 1;
    }
    if (at - turned >= length) {
      turned = at;
      await turn();
    }
  }
  if (filled.length > 1) throw invalid();
  fill(root, text.slice(start), false, parse);
  const [value] = root.value as unknown[];
  if ((root.value as unknown[]).length !== 1 || root.last === 'comma') throw invalid();
  return value;
};
