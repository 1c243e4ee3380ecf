// Long texts are one run of a character class: alternatives in a loop would need a stack as long as the text.
const string = String.raw`"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"`;
const word = String.raw`(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])`;
const token = new RegExp(String.raw`[ \t\n\r]*(?:([{}[\],:])|(${string})|${word})`, 'y');
const space = /[ \t\n\r]*/y;

/** What may stand next; in an object, a name comes before each value. */
type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or end';

/**
 * Where a text stops being JSON (RFC 8259): JSON.parse refuses it, but does not always say where.
 * @returns the offset of the first token that cannot be (the text's length where it ends too early), and what is wrong
 */
export const firstJsonError = (text: string): { offset: number; message: string } => {
  const closers: ('}' | ']')[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  for (;;) {
    token.lastIndex = offset;
    const match = token.exec(text);
    const [whole = '', mark, quoted] = match ?? [];
    const next: Expected | undefined =
      match === null ? undefined : after(expected, mark, quoted !== undefined, closers);
    if (next === undefined) {
      space.lastIndex = offset;
      const start = offset + (space.exec(text)?.[0].length ?? 0);
      return { offset: start, message: describe(text.slice(start, start + 20), match !== null) };
    }
    expected = next;
    offset += whole.length;
  }
};

const describe = (found: string, isToken: boolean): string => {
  if (found === '') return 'it ends inside a value';
  if (found.startsWith('"') && !isToken) return 'this string is not well formed';
  const [character] = found;
  return `unexpected ${JSON.stringify(/^[\w.+-]+/.exec(found)?.[0] ?? character)}`;
};

/** What may follow a token, or undefined where it is out of place. */
const after = (
  expected: Expected,
  mark: string | undefined,
  isString: boolean,
  closers: ('}' | ']')[],
): Expected | undefined => {
  const closer = closers.at(-1);
  switch (expected) {
    case ':':
      return mark === ':' ? 'value' : undefined;
    case 'name or }':
    case 'name':
      if (isString) return ':';
      return expected === 'name or }' && mark === '}' ? close(closers) : undefined;
    case ', or end':
      if (mark !== undefined && mark === closer) return close(closers);
      if (mark !== ',' || closer === undefined) return undefined;
      return closer === '}' ? 'name' : 'value';
    case 'value or ]':
    case 'value':
      if (mark === undefined) return ', or end';
      if (mark === '{' || mark === '[') {
        closers.push(mark === '{' ? '}' : ']');
        return mark === '{' ? 'name or }' : 'value or ]';
      }
      return expected === 'value or ]' && mark === ']' ? close(closers) : undefined;
  }
};

const close = (closers: ('}' | ']')[]): Expected => {
  closers.pop();
  return ', or end';
};
