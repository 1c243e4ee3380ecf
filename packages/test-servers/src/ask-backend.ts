import { describe, inject, it } from 'vitest';
import type { BackendName } from './find-programs.ts';
import { MISSING_BACKEND } from './missing-backend.ts';
import type { BackendAnswer } from './setup.ts';

/**
 * Asks the run for a server. Where it cannot be had, the test file gets a skipped suite that says so, or with
 * REQUIRE_BACKENDS=1 an error. To be called while a file's suites are collected.
 *
 * @returns its URL, or undefined.
 */
export async function askBackend(kind: 'shared' | 'own', name: BackendName): Promise<string | undefined> {
  const { url } = inject('testServers');
  const response = await fetch(`${url}/${kind}/${name}`);
  if (!response.ok) throw new Error(await response.text());
  const answer = (await response.json()) as BackendAnswer;
  if ('url' in answer) return answer.url;
  if (process.env.REQUIRE_BACKENDS === '1') throw new Error(answer.missing);
  describe.skip(`${MISSING_BACKEND}${answer.missing}`, () => {
    it('was not tested', () => {});
  });
  return undefined;
}
