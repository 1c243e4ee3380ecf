import { describe, expect, it } from 'vitest';
import { coverageOfFile, planRates, unite } from '../../src/run/plan-rates.ts';

const now = new Date('2026-04-08T12:00:00.000Z');
const known = { from: '2026-01-01', syncedAt: '2026-04-07T12:00:00.000Z' };
const plan = (from: string, coverage?: typeof known) => planRates(coverage, { from, now, overlapDays: 7 });

describe('what is asked for', () => {
  it('is everything since 14 days before the period, when nothing is known', () => {
    expect(plan('2026-04-08')).toEqual({
      requests: [{ from: '2026-03-25' }],
      coverage: { from: '2026-03-25', syncedAt: now.toISOString() },
    });
  });

  it('is an increment since the last time, with an overlap, when the days are known', () => {
    expect(plan('2026-02-01', known)).toEqual({
      requests: [{ updatedAfter: new Date('2026-03-31T12:00:00.000Z') }],
      coverage: { from: '2026-01-01', syncedAt: now.toISOString() },
    });
  });

  it('is what is missing before the known days, and an increment', () => {
    expect(plan('2025-06-15', known).requests).toMatchObject([
      { from: '2025-06-01', to: '2025-12-31' },
      { updatedAfter: expect.any(Date) },
    ]);
    expect(plan('2025-06-15', known).coverage.from).toBe('2025-06-01');
  });

  it('begins today for a period of the future', () => {
    expect(plan('2030-01-01').requests).toEqual([{ from: '2026-03-25' }]);
  });
});

describe('what a file covers', () => {
  it('adds to what is known when it goes on from there, and stands alone when it leaves a gap', () => {
    expect(coverageOfFile(known, { first: '2026-04-07' }, '2026-04-07', now).from).toBe('2026-01-01');
    expect(coverageOfFile(known, { first: '2026-04-08' }, '2026-04-02', now).from).toBe('2026-04-08');
    expect(coverageOfFile(undefined, { first: '1999-01-04' }, undefined, now).from).toBe('1999-01-04');
  });

  it('is united with what another process has covered', () => {
    expect(unite(known, { from: '2026-03-01', syncedAt: '2026-04-08T00:00:00.000Z' })).toEqual({
      from: '2026-01-01',
      syncedAt: '2026-04-08T00:00:00.000Z',
    });
  });
});
