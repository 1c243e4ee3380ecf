import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAccessTokens } from '../../src/auth/tokens.ts';

describe('access tokens', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are known without another look once they were verified, until they expire', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00Z') });
    const tokens = createAccessTokens('the secret of the tests', 15);
    const token = await tokens.sign(7);
    expect(tokens.recent(token)).toBeUndefined();
    expect(await tokens.verify(token)).toBe(7);
    expect(tokens.recent(token)).toBe(7);
    vi.setSystemTime(new Date('2026-11-21T12:14:59Z'));
    expect(tokens.recent(token)).toBe(7);
    vi.setSystemTime(new Date('2026-11-21T12:15:00Z'));
    expect([tokens.recent(token), await tokens.verify(token)]).toEqual([undefined, undefined]);
  });

  it('of another platform are not remembered', async () => {
    const token = await createAccessTokens('another secret', 15).sign(7);
    const tokens = createAccessTokens('the secret of the tests', 15);
    expect([await tokens.verify(token), tokens.recent(token)]).toEqual([undefined, undefined]);
  });
});
