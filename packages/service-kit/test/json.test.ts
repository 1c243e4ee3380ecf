import { describe, expect, it } from 'vitest';
import { parseInPieces } from '../src/http/json/parse-in-pieces.ts';

/** Numbers that look random and are the same each time. */
const generator = (seed: number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

const document = (random: () => number, depth: number): unknown => {
  const kind = random();
  if (depth === 0 || kind < 0.3) {
    const leaves = [1, -2.5e-7, true, null, 'plain', 'a "quoted\\" text, [with] {signs}: é \u2028', '\\', ''];
    return leaves[Math.floor(random() * leaves.length)];
  }
  const size = Math.floor(random() * 8);
  if (kind < 0.65) return Array.from({ length: size }, () => document(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length: size }, (_, index) => [`key "${index}\\`, document(random, depth - 1)]),
  );
};

const large = (seed: number) => {
  const random = generator(seed);
  const items: unknown[] = [];
  while (JSON.stringify(items).length < 30_000) items.push(document(random, 5));
  return items;
};

const parses = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Short pieces show in little text what long ones do in much. */
const pieceLength = 200;

describe('JSON in pieces', () => {
  it.each([1, 2, 3, 4])('is what JSON.parse makes of it (%d)', async (seed) => {
    const items = large(seed);
    const nested = { first: 1, deep: { list: [[items], 'x'], empty: {} }, again: items, last: [] };
    for (const value of [items, nested, { items }, [[[items]]]]) {
      for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
        expect(await parseInPieces(text, JSON.parse, pieceLength)).toEqual(JSON.parse(text));
      }
    }
  });

  it('is refused where JSON.parse refuses it', async () => {
    const random = generator(5);
    const text = JSON.stringify({ a: large(5), b: [large(6)] });
    const signs = ['', ',', ':', '[', ']', '{', '}', '"', ',,', '\u00a0', '1', '\\', ' '];
    let refused = 0;
    for (let round = 0; round < 500; round += 1) {
      const at = Math.floor(random() * text.length);
      const sign = signs[Math.floor(random() * signs.length)] ?? '';
      const broken = text.slice(0, at) + sign + text.slice(at + (round % 2));
      const valid = parses(broken);
      const outcome = await parseInPieces(broken, JSON.parse, pieceLength).then(
        (value) => ({ value }),
        () => undefined,
      );
      expect(outcome !== undefined, `${JSON.stringify(broken.slice(at - 20, at + 20))} at ${at}`).toBe(valid);
      if (outcome !== undefined) expect(outcome.value).toEqual(JSON.parse(broken));
      else refused += 1;
    }
    expect(refused).toBeGreaterThan(50);
  });

  const items = `"${'x'.repeat(pieceLength)}","y"`;
  it.each([
    ['a comma at the end of an array', `[${items},]`],
    ['a comma at the beginning', `[,${items}]`],
    ['two commas', `[${items},,1]`],
    ['no comma', `[[${items},1] [2]]`],
    ['a number before an array', `[1[${items},1]]`],
    ['a number after a key', `{"a":1[${items},1]}`],
    ['no colon', `{"a"[${items},1]}`],
    ['a key in an array', `["a":[${items},1]]`],
    ['two values', `[${items},1] 2`],
    ['two arrays', `[${items},1],[2]`],
    ['a comma after all', `[${items},1],`],
    ['the wrong end', `[${items},1}`],
    ['no end', `[${items},1`],
    ['an end too much', `[${items},1]]`],
    ['a string without end', `[${items},"1]`],
    ['nothing', ' '.repeat(2 * pieceLength)],
  ])('is refused with %s', async (_, text) => {
    expect(parses(text)).toBe(false);
    await expect(parseInPieces(text, JSON.parse, pieceLength)).rejects.toThrow(SyntaxError);
  });
});
