import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type RunningService, startService } from '@vindima/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandbox as service } from '../src/service.ts';
import { madeUpFiles } from '../src/vitibrasil/files.ts';

describe('the made-up files', () => {
  it('are fifteen, the same each time, in the real format', () => {
    const files = madeUpFiles();
    expect(files.size).toBe(15);
    expect([...madeUpFiles()]).toEqual([...files]);
    for (const [name, body] of files) {
      const text = body.toString();
      const [header = '', ...lines] = text.trimEnd().split('\n');
      const delimiter = header.includes('\t') ? '\t' : ';';
      const width = header.split(delimiter).length;
      expect([name, width, text.endsWith('\n'), text.includes('"'), text.includes('\r')]).toEqual([
        name,
        /^(Imp|Exp)/.test(name) ? 112 : 57,
        true,
        false,
        false,
      ]);
      expect(lines.map((line) => line.split(delimiter).length)).toEqual(lines.map(() => width));
    }
  });

  it('have the quirks of the real ones', () => {
    const files = madeUpFiles();
    const text = (name: string) => files.get(name)?.toString() ?? '';
    expect(text('ProcessaViniferas.csv')).toMatch(/;\d+,\d\d\n/);
    expect(text('ProcessaViniferas.csv')).toMatch(/Jaen;.*;\n/);
    expect(text('ProcessaAmericanas.csv')).toMatch(/\tnd\t.*\t\+\t/);
    expect(text('ProcessaAmericanas.csv').match(/^8\t/gm)).toHaveLength(2);
    expect(text('Comercio.csv')).toMatch(/^\d+;;OUTROS PRODUTOS COMERCIALIZADOS;/m);
    expect(text('ImpVinhos.csv')).toMatch(/^Id\tPaís\t1970\t1970\t1971\t1971\t/);
  });
});

describe('the download folder', () => {
  const opened: RunningService[] = [];
  const open = async (environment: Record<string, string> = {}) => {
    const logger = createLogger({ name: 'test', level: 'silent' });
    const running = await startService(service, { environment: { PORT: '0', ...environment }, logger });
    opened.push(running);
    return running.app;
  };
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vindima-files-'));
  });
  afterAll(async () => {
    await Promise.all(opened.map((sandbox) => sandbox.stop()));
    rmSync(folder, { recursive: true });
  });

  it('says that a file is made up, and that it has not changed', async () => {
    const sandbox = await open();
    const url = '/download/Producao.csv';
    const first = await sandbox.inject(url);
    expect([first.statusCode, first.headers['content-type'], first.headers['x-vindima-source']]).toEqual([
      200,
      'text/csv',
      'sandbox',
    ]);
    const { etag, 'last-modified': modified } = first.headers;
    const again = async (headers: Record<string, string>) => (await sandbox.inject({ url, headers })).statusCode;
    expect(await again({ 'if-none-match': String(etag) })).toBe(304);
    expect(await again({ 'if-none-match': '"other"', 'if-modified-since': String(modified) })).toBe(200);
    expect(await again({ 'if-modified-since': String(modified) })).toBe(304);
    expect(await again({ 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).toBe(200);
    expect((await sandbox.inject('/download/Nada.csv')).statusCode).toBe(404);
  });

  it('serves the files of a folder, as they are now, and nothing else of it', async () => {
    const sandbox = await open({ SANDBOX_VITIBRASIL_DIR: folder });
    writeFileSync(join(folder, 'Producao.csv'), 'a');
    writeFileSync(join(folder, 'secret.txt'), 'b');
    const first = await sandbox.inject('/download/Producao.csv');
    expect([first.body, first.headers['x-vindima-source']]).toEqual(['a', 'folder']);
    writeFileSync(join(folder, 'Producao.csv'), 'c');
    const second = await sandbox.inject('/download/Producao.csv');
    expect(second.body).toBe('c');
    expect(second.headers.etag).not.toBe(first.headers.etag);
    for (const path of ['secret.txt', '..%2FProducao.csv', 'Comercio.csv']) {
      expect((await sandbox.inject(`/download/${path}`)).statusCode).toBe(404);
    }
  });
});
