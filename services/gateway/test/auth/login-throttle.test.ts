import { describe, expect, it, onTestFinished } from 'vitest';
import { createLoginThrottle } from '../../src/auth/login-throttle.ts';
import { adminPassword, json, startGateway } from '../support/gateway.ts';

describe('guessing passwords', () => {
  it('is refused after a few failures from one address for one name, also when right', async () => {
    const gateway = await startGateway({ LOGIN_LIMIT: '3' });
    onTestFinished(() => gateway.stop());
    const attempt = async (password: string) => {
      const answer = await fetch(`${gateway.url}/auth/login`, json({ username: 'admin', password }));
      return [answer.status, answer.headers.get('retry-after')] as const;
    };
    for (let count = 0; count < 3; count++) expect((await attempt('wrong password'))[0]).toBe(401);
    const [status, after] = await attempt(adminPassword);
    expect(status).toBe(429);
    expect(Number(after)).toBeGreaterThan(800);
  });

  it('gains nothing by many attempts at once', async () => {
    const gateway = await startGateway({ LOGIN_LIMIT: '3' });
    onTestFinished(() => gateway.stop());
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        fetch(`${gateway.url}/auth/login`, json({ username: 'admin', password: `guess ${index}` })),
      ),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(9);
  });

  it('does not lock a user out whom a stranger guesses at from elsewhere', () => {
    const throttle = createLoginThrottle(3);
    const guess = () => throttle.begin('ana', '198.51.100.1');
    for (let count = 0; count < 3; count++) guess();
    expect(guess).toThrow(/Too many/);
    expect(() => throttle.begin('Ana', '203.0.113.5').succeeded()).not.toThrow();
  });

  it('has a bound for all names from one address, and for a name from all addresses', () => {
    const spraying = createLoginThrottle(2);
    for (let count = 0; count < 10; count++) spraying.begin(`user${count}`, '198.51.100.1');
    expect(() => spraying.begin('another', '198.51.100.1')).toThrow(/Too many/);
    const many = createLoginThrottle(2);
    for (let count = 0; count < 20; count++) many.begin('ana', `198.51.100.${count}`);
    expect(() => many.begin('ana', '203.0.113.5')).toThrow(/Too many/);
  });

  it('counts no login that succeeded', () => {
    const throttle = createLoginThrottle(2);
    for (let count = 0; count < 50; count++) throttle.begin('ana', '198.51.100.1').succeeded();
    expect(() => throttle.begin('ana', '198.51.100.1')).not.toThrow();
  });
});
