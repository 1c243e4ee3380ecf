import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const hasPython = spawnSync('python3', ['--version']).status === 0;

// Where there is no Python, the comparison with decimal.js beside this covers the same cases.
describe.skipIf(!hasPython)('conversions', () => {
  it("equal those of Python's decimal module in 10,000 random cases", { timeout: 60_000 }, () => {
    const script = join(import.meta.dirname, '../../scripts/compare-with-python.ts');
    const { stdout, stderr, status } = spawnSync(process.execPath, [script, '10000'], { encoding: 'utf8' });
    expect({ stdout, stderr, status }).toEqual({
      stdout: "10000 cases, 0 different from Python's decimal\n",
      stderr: '',
      status: 0,
    });
  });
});
