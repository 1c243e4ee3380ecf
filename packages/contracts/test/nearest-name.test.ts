import { describe, expect, it } from 'vitest';
import { commandSubjects, nearestName } from '../src/index.ts';

describe('the nearest name', () => {
  it.each([
    ['limt', ['limit', 'cursor'], 'limit'],
    ['tag', ['tags', 'any', 'text'], 'tags'],
    ['WINE_SHEDULE', ['WINE_SCHEDULE', 'WINE_RETRIES'], 'WINE_SCHEDULE'],
    ['commands.datasets.improt', commandSubjects, 'commands.datasets.import'],
  ])('of %s is found', (name, known, nearest) => {
    expect(nearestName(name, known)).toBe(nearest);
  });

  it.each([
    ['x', ['y']],
    ['ab', ['xy', 'zw']],
    ['nothing', ['limit', 'cursor']],
    ['', ['a']],
  ])('of %j is none of %j', (name, known) => {
    expect(nearestName(name, known)).toBeUndefined();
  });
});
