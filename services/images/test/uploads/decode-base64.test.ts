import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../src/uploads/decode-base64.ts';

const bytes = [0, 1, 2, 3, 57, 1000].map((length) => randomBytes(length));
const forms: Record<string, (content: Buffer) => string> = {
  padded: (content) => content.toString('base64'),
  unpadded: (content) => content.toString('base64').replaceAll('=', ''),
  'for URLs': (content) => content.toString('base64url'),
  'in lines': (content) => content.toString('base64').replace(/.{64}/g, '$&\r\n'),
  'a data: URL': (content) => `data:image/png;base64,${content.toString('base64')}`,
};

describe('base64', () => {
  it.each(Object.entries(forms))('is read %s', (_, write) => {
    for (const content of bytes) expect(decodeBase64(write(content))).toEqual(content);
  });

  it.each(['A', 'AAAAA', 'AA*A', '\u0120AAAA', ' '.repeat(1000), 'data:image/png', 'A!'.repeat(1000)])(
    'is nothing else (%#)',
    (text) => {
      expect(() => decodeBase64(text)).toThrow('not base64');
    },
  );

  it('costs little where it is none: 26 MB of spaces', () => {
    const text = Buffer.alloc(26 * 2 ** 20, ' ').toString();
    const pieces = JSON.stringify(Array.from({ length: 2 ** 18 }, () => 1.5));
    const timeOf = (work: () => unknown) => {
      const began = process.cpuUsage();
      work();
      return process.cpuUsage(began).user / 1000;
    };
    const parse = Math.max(...[1, 2, 3].map(() => timeOf(() => JSON.parse(pieces))));
    expect(timeOf(() => expect(() => decodeBase64(text)).toThrow())).toBeLessThan(20 * parse + 50);
  });
});
