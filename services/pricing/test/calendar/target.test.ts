import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isDue, isTargetDay, lastDueDay, lastTargetDay, targetDays } from '../../src/calendar/target.ts';

describe('the calendar of TARGET', () => {
  it.each([
    ['1999-04-02', true],
    ['1999-12-31', false],
    ['2001-12-31', false],
    ['2002-12-31', true],
    ['2025-04-18', false],
    ['2025-04-21', false],
    ['2025-05-10', false],
    ['2026-12-25', false],
  ])('%s is a day of operation: %s', (date, open) => {
    expect(isTargetDay(date)).toBe(open);
  });

  it('knows when rates must be out, in winter and in summer', () => {
    expect(isDue('2026-01-07', new Date('2026-01-07T16:59:00Z'))).toBe(false);
    expect(isDue('2026-01-07', new Date('2026-01-07T17:00:00Z'))).toBe(true);
    expect(isDue('2026-07-07', new Date('2026-07-07T16:00:00Z'))).toBe(true);
    expect(lastDueDay(new Date('2026-04-07T12:00:00Z'))).toBe('2026-04-02');
    expect(lastTargetDay('2025-04-21')).toBe('2025-04-17');
  });
});

const file = resolve(
  process.env.SHARED_DATA_DIR ?? resolve(import.meta.dirname, '../../../../../shared/data'),
  'ecb/eurofxref-hist_2025-05.csv',
);
describe.skipIf(!existsSync(file))('the real history of the ECB', () => {
  it('has rates on every day of operation and on no other', () => {
    const days = readFileSync(file, 'utf8')
      .split('\n')
      .slice(1)
      .flatMap((line) => /^\d{4}-\d\d-\d\d/.exec(line) ?? [])
      .sort();
    expect(days).toHaveLength(6747);
    expect(targetDays('1999-01-04', '2025-05-09')).toEqual(days);
  });
});
