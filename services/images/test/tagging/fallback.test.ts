import { createLogger } from '@vindima/service-kit';
import { expect, test } from 'vitest';
import { readPicture } from '../../src/picture/read-picture.ts';
import { withCircuitBreaker } from '../../src/tagging/circuit-breaker.ts';
import { createFallbackChain } from '../../src/tagging/fallback-chain.ts';
import { type FailureKind, TaggerFailure } from '../../src/tagging/imagga/tagger-failure.ts';
import type { Tagger } from '../../src/tagging/tagger.ts';
import { plainFile } from '../support/pictures.ts';

const picture = await readPicture(await plainFile('blue'), { maximumPixels: 1e6, previewEdge: 100 });
const { signal } = new AbortController();
const logger = createLogger({ name: 'test', level: 'silent' });

/** A tagger whose answers are given: a failure, or none. */
const scripted = (name: string, answers: (FailureKind | 'fine')[]) => {
  const asked = { times: 0 };
  const tagger: Tagger = {
    name,
    previewEdge: 100,
    tag: async () => {
      const answer = answers[Math.min(asked.times++, answers.length - 1)];
      if (answer !== 'fine' && answer !== undefined) throw new TaggerFailure(name, answer, 'as told');
      return { tagger: name, model: 'm', version: 'v', findings: [] };
    },
    close: async () => {},
  };
  return { tagger, asked };
};

const times = { outageMs: 60_000, quotaMs: 60_000, busyMs: 1 };
const codeOf = (tagger: Tagger) =>
  tagger.tag(picture, signal).then(
    ({ tagger: name }) => name,
    (error: { code: string }) => error.code,
  );

test('after one refusal for want of quota a tagger is left alone', async () => {
  const { tagger, asked } = scripted('paid', ['quota']);
  const guarded = withCircuitBreaker(tagger, times);
  expect(await codeOf(guarded)).toBe('images.tagger_quota');
  expect(await codeOf(guarded)).toBe('images.tagger_unavailable');
  expect(asked.times).toBe(1);
});

test('how long a tagger is left alone is told', async () => {
  const retryAfter = async (failure: FailureKind, failures: number) => {
    const guarded = withCircuitBreaker(scripted('paid', [failure]).tagger, {
      outageMs: 30_000,
      quotaMs: 900_000,
      busyMs: 1,
    });
    for (let time = 0; time < failures; time++) await codeOf(guarded);
    return guarded.tag(picture, signal).catch((error: { headers: object }) => error.headers);
  };
  expect(await retryAfter('quota', 1)).toEqual({ 'retry-after': '900' });
  expect(await retryAfter('outage', 3)).toEqual({ 'retry-after': '30' });
});

test('after three outages in a row a tagger is left alone, and asked again later', async () => {
  const { tagger, asked } = scripted('paid', ['outage', 'outage', 'outage', 'fine']);
  const guarded = withCircuitBreaker(tagger, { ...times, outageMs: 5 });
  for (let time = 0; time < 3; time++) expect(await codeOf(guarded)).toBe('images.tagger_outage');
  expect(asked.times).toBe(3);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await codeOf(guarded)).toBe('paid');
});

test('a busy tagger is asked once more', async () => {
  const { tagger, asked } = scripted('paid', ['busy', 'fine']);
  expect(await codeOf(withCircuitBreaker(tagger, times))).toBe('paid');
  expect(asked.times).toBe(2);
});

test('a refused picture is no reason to leave the tagger alone', async () => {
  const { tagger, asked } = scripted('paid', ['refused']);
  const guarded = withCircuitBreaker(tagger, times);
  for (let time = 0; time < 5; time++) expect(await codeOf(guarded)).toBe('images.tagger_refused');
  expect(asked.times).toBe(5);
});

test.each(['quota', 'busy', 'outage', 'credentials', 'refused'] as const)(
  'the next tagger steps in: %s',
  async (failure) => {
    const paid = withCircuitBreaker(scripted('paid', [failure]).tagger, times);
    const chain = createFallbackChain([paid, scripted('local', ['fine']).tagger], logger);
    for (let time = 0; time < 5; time++) expect(await codeOf(chain)).toBe('local');
  },
);

test('when none can, the failure of the last one is told', async () => {
  const chain = createFallbackChain([scripted('a', ['quota']).tagger, scripted('b', ['outage']).tagger], logger);
  expect(await codeOf(chain)).toBe('images.tagger_outage');
});
