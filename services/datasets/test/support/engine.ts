import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { DownloadFormat, UploadOptions } from '@vindima/contracts';
import { afterAll, vi } from 'vitest';
import { createEngine } from '../../src/engine/pool.ts';
import type { IngestResult } from '../../src/ingest/ingest.ts';
import { defaultLimits, type Limits } from '../../src/limits.ts';

/** Real engine processes and a folder, both gone after the tests of the file. */
export const useEngine = async (limits: Partial<Limits> = {}) => {
  // Engines are processes; on a busy machine their start alone takes a while.
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
  const folder = await mkdtemp(join(tmpdir(), 'datasets-test-'));
  const engine = createEngine({ folder, processes: 1, waiting: 20, limits: { ...defaultLimits, ...limits } });
  afterAll(async () => {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });
  let number = 0;
  const place = (name: string) => {
    number += 1;
    return join(folder, `${number}-${name}`);
  };
  const options = { folder, timeout: 60_000 };

  /** Reads a file that is there. */
  const readFile = async (path: string, uploadOptions: UploadOptions = {}, filename = basename(path)) => {
    const table = place('table.parquet');
    const result: IngestResult = await engine.run(
      'ingest',
      { path, filename, options: uploadOptions, output: table },
      { ...options, readable: [path] },
    );
    return { ...result, table };
  };
  /** Reads a file of this content. */
  const read = async (filename: string, content: string | Uint8Array, uploadOptions: UploadOptions = {}) => {
    const path = place(`upload-${filename}`);
    await writeFile(path, content);
    return readFile(path, uploadOptions, filename);
  };
  /** Writes a stored table in a format. */
  const render = async (table: string, format: DownloadFormat, escapeFormulas = true) => {
    const output = place(`export.${format === 'excel' ? 'xlsx' : format}`);
    await engine.run('render', { path: table, format, escapeFormulas, output }, options);
    return output;
  };
  /** The rows of a stored table. */
  const rows = async (table: string): Promise<Record<string, unknown>[]> => {
    const answer = await engine.run('preview', { path: table, offset: 0, limit: 1000 }, options);
    return JSON.parse(answer.rows);
  };
  return { engine, folder, place, options, readFile, read, render, rows };
};
