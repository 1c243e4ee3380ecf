import { basename } from 'node:path';
import type { RunningService } from '@vindima/service-kit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { expectationOf, families, hostileFiles, uploadFile } from './support/hostile.ts';
import { startDatasets } from './support/service.ts';
import { hasSharedData } from './support/shared-data.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 60_000 });

// `scripts/hostile.ts` prints the table of what becomes of each file.
describe.runIf(hasSharedData('hostile'))('files that break readers, uploaded to a running service', () => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startDatasets();
  });
  afterAll(() => running.stop());

  it.each(families)('%s: each is read or refused with a reason, as its corpus says', async (family) => {
    for (const path of hostileFiles(family)) {
      const { status, what, code } = await uploadFile(running.url, path);
      const outcome = status === 201 ? 'read' : status >= 400 && status < 500 ? 'refused' : `answered with ${status}`;
      const expected = await expectationOf(family, path);
      expect([basename(path), outcome]).toEqual([
        basename(path),
        expected === 'either' ? expect.stringMatching(/^(read|refused)$/) : expected,
      ]);
      if (outcome === 'refused') {
        expect(code).toMatch(/^datasets\./);
        expect(what).not.toMatch(/undefined|\[object|at .*\(/);
      }
    }
  });

  it('and it answers as if nothing had been', async () => {
    expect((await fetch(`${running.url}/health/ready`)).status).toBe(200);
  });
});
