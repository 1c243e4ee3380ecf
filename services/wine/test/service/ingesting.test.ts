import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ingestWine, type PayloadOf, wineSeriesIngested } from '@vindima/contracts';
import { manifestKey } from '@vindima/lake/store-run';
import { type Bus, connectNatsBus, type Delivery, openInProcessBus } from '@vindima/messaging';
import { createLogger, type RunningService } from '@vindima/service-kit';
import { databases, natsServer, temporaryFolder } from '@vindima/test-servers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dataSetOf } from '../../src/lake/keys.ts';
import { readManifest } from '../../src/lake/manifest.ts';
import { realFile, vintages } from '../support/files.ts';
import { breakSandbox, ended, ingest, post, startSandbox, startWine, statusOf, until } from '../support/platform.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
type Ingested = PayloadOf<typeof wineSeriesIngested>;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const [, mysql] = await databases();
const nats = await natsServer();
const backends = [
  {
    name: 'embedded',
    open: async () => ({ environment: {}, bus: await openInProcessBus({ path: ':memory:', logger }) }),
  },
  ...(mysql && nats
    ? [
        {
          name: 'on MySQL and NATS',
          open: async () => {
            const database = await mysql.create();
            closing.push(database.drop);
            const streamPrefix = `wine-${randomUUID().slice(0, 8)}`;
            const bus = await connectNatsBus({ url: nats, name: 'test', streamPrefix, logger });
            return { environment: { DATABASE_URL: database.url }, bus };
          },
        },
      ]
    : []),
];

describe.each(backends)('ingesting, $name', ({ open }) => {
  let sandbox: RunningService;
  /** A copy of the sandbox's files that can be changed. */
  let site: string;
  beforeAll(async () => {
    const madeUp = await startSandbox();
    site = temporaryFolder();
    for (const file of ['Producao.csv', 'ImpSuco.csv']) {
      const response = await fetch(`${madeUp.url}/download/${file}`);
      writeFileSync(join(site, file), Buffer.from(await response.arrayBuffer()));
    }
    await madeUp.stop();
    sandbox = await startSandbox({ SANDBOX_VITIBRASIL_DIR: site });
  });
  afterAll(() => sandbox?.stop());

  const start = async (more: Record<string, string> = {}) => {
    const { environment, bus } = await open();
    closing.push(() => bus.close());
    const events: Ingested[] = [];
    await bus.consume(
      { name: 'test', subjects: [wineSeriesIngested.subject] },
      async (deliveries: readonly Delivery[]) => {
        events.push(...deliveries.map(({ payload }) => payload as Ingested));
        return deliveries.map(() => ({ done: true }));
      },
    );
    const folder = temporaryFolder();
    const again = async (): Promise<RunningService> => {
      const wine = await startWine(sandbox, { DATA_DIR: folder, ...environment, ...more }, { bus });
      closing.push(wine.stop);
      return wine;
    };
    return { wine: await again(), again, bus, events, folder, lake: join(folder, 'lake') };
  };
  const both = { series: ['production', 'import-juice'] } as const;

  it('brings each changed series into the lake once, and tells of it once', async () => {
    const { wine, events, lake, folder } = await start();
    const first = await ingest(wine, { series: [...both.series] });
    expect(first.result?.series.map(({ outcome }) => outcome)).toEqual(['ingested', 'ingested']);
    const manifest = readManifest(readFileSync(join(lake, manifestKey(dataSetOf('production'))), 'utf8'));
    expect(manifest).toMatchObject({ run: first.id, series: 'production', warnings: 0, source: { kind: 'folder' } });
    expect(readFileSync(join(lake, manifest?.object_key ?? '')).length).toBe(manifest?.bytes);
    expect(manifest?.object_key).toBe(
      `wine/production/processing_date=${first.result?.processing_date}/${first.id}.parquet`,
    );
    await until(() => (events.length === 2 ? true : undefined));
    expect(events.find(({ series }) => series === 'production')).toMatchObject({
      run: first.id,
      object_key: manifest?.object_key,
      sha256: manifest?.sha256,
      rows: manifest?.figures,
    });

    const log = readFileSync(join(lake, first.result?.log_key ?? ''), 'utf8');
    expect(readFileSync(join(folder, 'logs', 'wine', `${first.id}.jsonl`), 'utf8')).toBe(log);
    const lines = log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect([lines[0]?.event, lines.at(-1)?.event]).toEqual(['begun', 'ended']);

    const second = await ingest(wine, { series: [...both.series] });
    expect(second.result?.series.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
    // Byte for byte the same under a new date: fetched, but not written.
    copyFileSync(join(site, 'Producao.csv'), join(site, 'copy.csv'));
    writeFileSync(join(site, 'Producao.csv'), readFileSync(join(site, 'copy.csv')));
    expect((await ingest(wine, { series: ['production'] })).result?.series[0]?.outcome).toBe('unchanged');
    const partition = join(lake, 'wine', 'production', `processing_date=${first.result?.processing_date}`);
    expect(readdirSync(partition)).toEqual([`${first.id}.parquet`]);

    const forced = await ingest(wine, { series: ['production'], force: true });
    expect(forced.result?.series[0]?.outcome).toBe('ingested');
    await until(() => (events.length === 3 ? true : undefined));
    expect(readdirSync(partition)).toHaveLength(2);
  });

  it('serves a changed file as soon as the ingestion has ended', async () => {
    const { wine } = await start();
    const original = readFileSync(join(site, 'Producao.csv'), 'utf8');
    try {
      await ingest(wine, { series: ['production'] });
      const body = async () => (await fetch(`${wine.url}/producaoCSV`)).text();
      expect(await body()).not.toContain('"Hidromel"');
      writeFileSync(join(site, 'Producao.csv'), original.replace('Brandy;Brandy', 'Hidromel;Hidromel'));
      expect((await ingest(wine, { series: ['production'] })).result?.series[0]?.outcome).toBe('ingested');
      expect(await body()).toContain('"Hidromel"');
    } finally {
      writeFileSync(join(site, 'Producao.csv'), original);
    }
  });

  it('serves after a restart what it had, without the upstream', async () => {
    const { wine, again } = await start();
    await ingest(wine, { series: ['production'] });
    const before = await (await fetch(`${wine.url}/producaoCSV`)).text();
    const { fetched_at } = await statusOf(wine, 'production');
    await wine.stop();
    await breakSandbox(sandbox, { path: '/download/*', fault: '500' });
    try {
      const restarted = await again();
      expect(await (await fetch(`${restarted.url}/producaoCSV`)).text()).toBe(before);
      expect(await statusOf(restarted, 'production')).toMatchObject({ fetched_at, stale: false });
    } finally {
      await breakSandbox(sandbox);
    }
  });

  it('fetches again what is missing in the lake, changed or not', async () => {
    const { wine, lake } = await start();
    const { result } = await ingest(wine, { series: ['production'] });
    rmSync(join(lake, result?.series[0]?.object_key ?? ''));
    const again = await ingest(wine, { series: ['production'] });
    expect(again.result?.series[0]?.outcome).toBe('ingested');
    expect(existsSync(join(lake, again.result?.series[0]?.object_key ?? ''))).toBe(true);
  });

  it('is started by a command from the bus, once for each message', async () => {
    const { wine, bus } = await start();
    const message = {
      id: randomUUID(),
      subject: ingestWine.subject,
      type: ingestWine.type,
      source: 'test',
      time: new Date().toISOString(),
      payload: { series: ['production'] },
    };
    await bus.publish([message]);
    await bus.publish([message]);
    await until(async () => ((await statusOf(wine, 'production')).rows === null ? undefined : true));
    const { items } = (await (await fetch(`${wine.url}/jobs`)).json()) as { items: { id: string }[] };
    expect(items).toHaveLength(1);
    const { requested, result } = await ended(wine, items[0]?.id ?? '');
    expect(requested).toMatchObject({ series: ['production'] });
    const found = await (await fetch(`${wine.url}/jobs?command_id=${message.id}`)).json();
    const outputs = { objects: [result?.series[0]?.object_key] };
    expect(found).toMatchObject({ items: [{ id: items[0]?.id, command_id: message.id, outputs }] });
  });

  it('is the same ingestion for the same key, and refuses what makes no sense', async () => {
    const { wine } = await start();
    const request = (body: unknown, key: string) =>
      fetch(`${wine.url}/wine/ingestions`, post(body, { 'idempotency-key': key }));
    const one = await request({ series: ['production'] }, 'a');
    const same = await request({ series: ['production'] }, 'a');
    const { id } = (await one.json()) as { id: string };
    expect([one.status, one.headers.get('location')]).toEqual([202, `/jobs/${id}`]);
    expect(((await same.json()) as { id: string }).id).toBe(id);
    expect((await request({ series: ['import-juice'] }, 'a')).status).toBe(409);
    for (const wrong of [
      { series: [] },
      { series: ['beer'] },
      { series: 'production' },
      { force: 'yes' },
      { serie: [] },
      [],
    ]) {
      expect([wrong, (await fetch(`${wine.url}/wine/ingestions`, post(wrong))).status]).toEqual([wrong, 400]);
    }
    const empty = await fetch(`${wine.url}/wine/ingestions`, { method: 'POST' });
    expect(empty.status).toBe(202);
    await ended(wine, ((await empty.json()) as { id: string }).id);
    expect((await fetch(`${wine.url}/wine/ingestions/wine-none`)).status).toBe(404);
  });

  it('begins by itself where there is no data, and only there', async () => {
    const { wine, again } = await start({ WINE_INGEST_AT_START: 'true' });
    await until(async () => ((await statusOf(wine, 'production')).rows === null ? undefined : true));
    const jobs = async (of: RunningService) =>
      ((await (await fetch(`${of.url}/jobs`)).json()) as { items: { id: string; input: { series?: string[] } }[] })
        .items;
    await ended(wine, (await jobs(wine))[0]?.id ?? '');
    await wine.stop();
    const restarted = await again();
    const [last] = await until(async () => ((await jobs(restarted)).length === 2 ? jobs(restarted) : undefined));
    // The site of this test has two files; the other thirteen are asked for again.
    expect(last?.input.series).toHaveLength(13);
    expect(last?.input.series).not.toContain('production');
    await ended(restarted, last?.id ?? '');
  });
});

describe('two services on one lake', () => {
  it('a new database takes over what the lake has', async () => {
    const sandbox = await startSandbox();
    closing.push(sandbox.stop);
    const lake = `file:${temporaryFolder()}`;
    const first = await startWine(sandbox, { OBJECT_STORE_URL: lake });
    await ingest(first, { series: ['production'] });
    await first.stop();
    const second = await startWine(sandbox, { OBJECT_STORE_URL: lake });
    closing.push(second.stop);
    expect((await fetch(`${second.url}/producaoCSV`)).status).toBe(200);
    expect((await ingest(second, { series: ['production'] })).result?.series[0]?.outcome).toBe('unchanged');
  });

  it('a replica serves what another one has ingested', async () => {
    const sandbox = await startSandbox();
    closing.push(sandbox.stop);
    const shared = { DATA_DIR: temporaryFolder(), WINE_REFRESH_SECONDS: '0.1' };
    const bus: Bus = await openInProcessBus({ path: ':memory:', logger });
    closing.push(() => bus.close());
    const [one, other] = [await startWine(sandbox, shared, { bus }), await startWine(sandbox, shared, { bus })];
    closing.push(one.stop, other.stop);
    await ingest(one, { series: ['production'] });
    for (const { url } of [one, other]) {
      await until(async () => ((await fetch(`${url}/producaoCSV`)).status === 200 ? true : undefined));
    }
  });
});

describe.skipIf(vintages.length === 0)('the real files of May 2025', () => {
  it('are all ingested without an error, and served as clients know them', async () => {
    const sandbox = await startSandbox({ SANDBOX_VITIBRASIL_DIR: vintages[0]?.folder ?? '' });
    closing.push(sandbox.stop);
    const wine = await startWine(sandbox);
    closing.push(wine.stop);
    const { state, result } = await ingest(wine);
    expect(state).toBe('succeeded');
    expect(result?.series.map(({ outcome }) => outcome)).toEqual(Array(15).fill('ingested'));
    const body = await (await fetch(`${wine.url}/producaoCSV`)).text();
    expect(body).toContain('"produto":"DERIVADOS","1970":14164329,"1971":13280518,');
  });

  it('of two vintages in turn: what changed is ingested, what did not is left alone', async () => {
    const site = temporaryFolder();
    mkdirSync(site, { recursive: true });
    const sandbox = await startSandbox({ SANDBOX_VITIBRASIL_DIR: site });
    closing.push(sandbox.stop);
    const wine = await startWine(sandbox);
    closing.push(wine.stop);
    const outcomes: Record<string, string>[] = [];
    for (const { folder } of [...vintages].reverse()) {
      for (const file of readdirSync(folder)) writeFileSync(join(site, file), realFile(folder, file));
      const { result } = await ingest(wine);
      outcomes.push(Object.fromEntries(result?.series.map(({ series, outcome }) => [series, outcome]) ?? []));
    }
    expect(outcomes[0]).toMatchObject({ production: 'ingested', 'import-wine': 'ingested' });
    expect(outcomes[1]).toMatchObject({ production: 'unchanged', 'import-wine': 'ingested' });
  });
});
