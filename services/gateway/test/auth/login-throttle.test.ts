import { setTimeout } from 'node:timers/promises';
import { ServiceError } from '@vindima/contracts';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
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

  describe('over time', () => {
    const start = (limit: number) => {
      let now = 1_000_000;
      const spy = vi.spyOn(performance, 'now').mockImplementation(() => now);
      onTestFinished(() => spy.mockRestore());
      const throttle = createLoginThrottle(limit);
      return {
        begin: () => throttle.begin('ana', '198.51.100.1'),
        pass: async (minutes: number) => {
          now += minutes * 60_000;
          // Whoever remembers what the time was does so for a millisecond.
          await setTimeout(5);
        },
      };
    };
    const secondsLeft = (attempt: () => unknown) => {
      try {
        attempt();
      } catch (error) {
        if (error instanceof ServiceError) return Number(error.headers?.['retry-after']);
        throw error;
      }
      return 0;
    };

    it('ends a quarter of an hour after the first failure, however long before somebody logged in', async () => {
      const { begin, pass } = start(10);
      begin().succeeded();
      await pass(12);
      for (let count = 0; count < 10; count++) begin();
      expect(secondsLeft(begin)).toBe(900);
      await pass(14);
      expect(secondsLeft(begin)).toBe(60);
      await pass(1);
      expect(secondsLeft(begin)).toBe(0);
    });

    it('is counted from the first failure, also when a login was under way before it', async () => {
      const { begin, pass } = start(2);
      const slow = begin();
      await pass(1);
      begin();
      slow.succeeded();
      await pass(10);
      begin();
      expect(secondsLeft(begin)).toBe(300);
    });
  });
});
