import { describe, expect, it } from 'vitest';
import { diffRates, rateKey } from '../../src/history/diff-rates.ts';

const usd = (date: string, rate: string | null) => ({ currency: 'USD', date, rate });
const known = new Map([
  [rateKey('USD', '2025-05-08'), { rate: '1.1297', revision: 1 }],
  [rateKey('USD', '2025-05-09'), { rate: null, revision: 2 }],
]);

describe('the difference between an answer and the known rates', () => {
  it('is nothing for the same rates, and for days without one', () => {
    expect(diffRates(known, [usd('2025-05-08', '1.1297'), usd('2025-05-09', null), usd('2025-05-12', null)])).toEqual(
      [],
    );
  });

  it('is what is new, revised, withdrawn or given again, oldest first', () => {
    const answer = [usd('2025-05-12', '1.11'), usd('2025-05-08', null), usd('2025-05-09', '1.12')];
    expect(diffRates(known, answer)).toEqual([
      { ...usd('2025-05-08', null), revision: 2 },
      { ...usd('2025-05-09', '1.12'), revision: 3 },
      { ...usd('2025-05-12', '1.11'), revision: 1 },
    ]);
  });
});
