import { describe, expect, it } from 'vitest';
import { createKnownCallers, type Identity } from '../../src/auth/known-callers.ts';
import { keyPrincipal, nobody } from '../../src/auth/principal.ts';

const principal = keyPrincipal({
  id: '0123456789abcdef',
  name: 'notebook',
  scopes: ['wine:read'],
  created_by: 'user:admin',
  owner: 'user:admin',
  created_at: '2026-11-21T12:00:00Z',
  last_used_at: null,
  expires_at: null,
  revoked_at: null,
});

describe('known callers', () => {
  const start = Date.parse('2026-11-21T12:00:00Z');
  const withClock = () => {
    const time = { now: start };
    return { time, callers: createKnownCallers(() => new Date(time.now)) };
  };
  const identity = (expiresMs?: number) => async (): Promise<Identity> =>
    expiresMs === undefined ? { principal } : { principal, expiresMs };

  it('are known for five seconds after they were looked up', async () => {
    const { time, callers } = withClock();
    expect(callers.get('a')).toBeUndefined();
    expect(await callers.find('a', identity())).toBe(principal);
    time.now = start + 4_999;
    expect(callers.get('a')).toBe(principal);
    time.now = start + 5_000;
    expect(callers.get('a')).toBeUndefined();
  });

  it('are not known for longer than their credential says', async () => {
    const { time, callers } = withClock();
    await callers.find('a', identity(start + 1_000));
    time.now = start + 1_000;
    expect(callers.get('a')).toBeUndefined();
  });

  it('are nobody for as long when the credential is wrong', async () => {
    const { callers } = withClock();
    expect(await callers.find('guessed', async () => undefined)).toBe(nobody);
    expect(callers.get('guessed')).toBe(nobody);
  });

  it('are looked up again after a change, also when the change came during the look', async () => {
    const { callers } = withClock();
    await callers.find('a', identity());
    callers.forget();
    expect(callers.get('a')).toBeUndefined();
    await callers.find('a', async () => {
      callers.forget();
      return { principal };
    });
    expect(callers.get('a')).toBeUndefined();
  });
});
