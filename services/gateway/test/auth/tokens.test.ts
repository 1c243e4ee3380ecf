import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAccessTokens } from '../../src/auth/tokens.ts';

describe('access tokens', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('say whose they are and until when, until they expire', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00Z') });
    const tokens = createAccessTokens(['the secret of the tests'], 15);
    const token = await tokens.sign(7);
    expect(await tokens.verify(token)).toEqual({
      userId: 7,
      issuedMs: Date.parse('2026-11-21T12:00:00Z'),
      expiresMs: Date.parse('2026-11-21T12:15:00Z'),
    });
    vi.setSystemTime(new Date('2026-11-21T12:15:00Z'));
    expect(await tokens.verify(token)).toBeUndefined();
  });

  it('of another platform say nothing', async () => {
    const token = await createAccessTokens(['another secret'], 15).sign(7);
    expect(await createAccessTokens(['the secret of the tests'], 15).verify(token)).toBeUndefined();
  });

  it('of the secret before are good while it is changed, and new ones are of the new secret', async () => {
    const before = await createAccessTokens(['old'], 15).sign(7);
    const changing = createAccessTokens(['new', 'old'], 15);
    expect(await changing.verify(before)).toMatchObject({ userId: 7 });
    const after = createAccessTokens(['new'], 15);
    expect(await after.verify(await changing.sign(8))).toMatchObject({ userId: 8 });
    expect(await after.verify(before)).toBeUndefined();
  });
});
