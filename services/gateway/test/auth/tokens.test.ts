import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAccessTokens } from '../../src/auth/tokens.ts';

describe('access tokens', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('say whose they are and until when, until they expire', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00Z') });
    const tokens = createAccessTokens('the secret of the tests', 15);
    const token = await tokens.sign(7);
    expect(await tokens.verify(token)).toEqual({ userId: 7, expiresMs: Date.parse('2026-11-21T12:15:00Z') });
    vi.setSystemTime(new Date('2026-11-21T12:15:00Z'));
    expect(await tokens.verify(token)).toBeUndefined();
  });

  it('of another platform say nothing', async () => {
    const token = await createAccessTokens('another secret', 15).sign(7);
    expect(await createAccessTokens('the secret of the tests', 15).verify(token)).toBeUndefined();
  });
});
