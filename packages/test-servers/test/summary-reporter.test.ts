import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const HERE = import.meta.dirname;
const VITEST = join(HERE, '../../../node_modules/vitest/vitest.mjs');
const REPORTER = join(HERE, '../src/summary-reporter.ts');

describe('the summary of a run', () => {
  it('ends with the counts, after the suites that lacked a server', () => {
    const root = join(HERE, 'fixtures/summary');
    const options = ['run', '--root', root, '--reporter', 'default', '--reporter', REPORTER];
    const { stdout, status } = spawnSync(process.execPath, [VITEST, ...options], { encoding: 'utf8' });
    expect(status).toBe(1);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(-3)).toEqual([
      'SKIPPED for a missing backend:',
      expect.stringContaining('outcomes.case.ts: nothing here'),
      // Failed: the test, the hook, and the file that cannot be loaded.
      'tests: 2 passed, 3 failed, 4 skipped',
    ]);
  }, 60_000);
});
