import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { file } from '../support/files.ts';
import { ingest, startSandbox, startWine } from '../support/platform.ts';

interface Answer {
  items: Record<string, unknown>[];
  total: number;
  code: string;
  details: unknown;
}

describe('an analysis', () => {
  let sandbox: RunningService;
  let wine: RunningService;
  const ask = async (query: string) => (await (await fetch(`${wine.url}/wine/analysis?${query}`)).json()) as Answer;

  beforeAll(async () => {
    const site = temporaryFolder();
    mkdirSync(site, { recursive: true });
    const trade = (...rows: string[]) => file('Id;País;2020;2020;2021;2021;2022;2022', ...rows);
    writeFileSync(
      join(site, 'ExpVinho.csv'),
      trade(
        '1;Alemanha;10;100;0;0;20;400',
        '2;Alemanha, República Democrática;10;100;30;300;20;400',
        '3;Chile;60;60;70;70;0;5',
        "4;O'Higgins;0;0;0;0;10;10",
      ),
    );
    writeFileSync(join(site, 'ImpVinhos.csv'), trade('1;Chile;100;200;100;300;100;400'));
    writeFileSync(
      join(site, 'Producao.csv'),
      file(
        'id;control;produto;2020;2021;2022',
        '1;VINHO DE MESA;VINHO DE MESA;1200;1200;1000',
        '2;vm_T;T;1200;1100;1000',
        '3;SUCO;SUCO;7;8;9',
        '4;su_S;S;7;8;9',
      ),
    );
    writeFileSync(
      join(site, 'Comercio.csv'),
      file(
        'id;control;Produto;2020;2021;2022',
        '1;VINHO DE MESA;VINHO DE MESA;600;1200;nd',
        '2;vm_T;T;600;1200;nd',
        '3;SUCO DE UVAS;SUCO DE UVAS;1;1;1',
        '4;su_S;S;1;1;1',
      ),
    );
    for (const tipo of ['Viniferas', 'Americanas', 'Mesa']) {
      writeFileSync(
        join(site, `Processa${tipo}.csv`),
        file('id;control;cultivar;2020;2021;2022', '1;TINTAS;TINTAS;5;5;5', '2;ti_A;A;5;5;5'),
      );
    }
    writeFileSync(join(site, 'ProcessaSemclass.csv'), file('id;control;cultivar;2020;2021;2022', '1;sc;Sem;1;1;1'));
    sandbox = await startSandbox({ SANDBOX_VITIBRASIL_DIR: site });
    wine = await startWine(sandbox, { WINE_TIMEOUT_SECONDS: '20' });
    await ingest(wine);
  });
  afterAll(async () => {
    await wine?.stop();
    await sandbox?.stop();
  });

  it('ranks countries under their one name, with shares, Pareto and compound growth', async () => {
    const { items, total } = await ask('series=export-wine&group_by=country&limit=2');
    expect(total).toBe(3);
    expect(items).toMatchObject([
      { country: 'Chile', quantity: 130, value_usd: 135, unit: 'kg', share: 130 / 230, cumulative_share: 130 / 230 },
      { country: 'Germany', quantity: 90, value_usd: 1300, cumulative_share: 220 / 230 },
    ]);
    expect(items[1]?.growth_per_year).toBeCloseTo(Math.sqrt(2) - 1, 6);
    // Without a quantity there is no price: the 5 US$ of 2022 stay out of it.
    expect(items[0]?.price_usd).toBeCloseTo(1, 6);
    const byValue = await ask('series=export-wine&group_by=country,iso,continent&measure=value&order=ascending');
    expect(byValue.items.map(({ iso, continent }) => [iso, continent])).toEqual([
      [null, null],
      ['CHL', 'South America'],
      ['DEU', 'Europe'],
    ]);
  });

  it('gives years with growth and an index, prices that never divide by 0, and years as columns', async () => {
    const years = await ask('series=export-wine&group_by=year&period=2020-2022');
    expect(years.items).toMatchObject([
      { year: 2020, quantity: 80, growth: null, index: 100, share: 1 },
      { year: 2021, quantity: 100, growth: 0.25, index: 125 },
      { year: 2022, quantity: 50, growth: -0.5, index: 62.5 },
    ]);
    const price = await ask('series=export-wine&group_by=year&measure=price&country=Chile');
    expect(price.items.map(({ price_usd }) => price_usd)).toEqual([1, 1, null]);
    const wide = await ask('series=export-wine&group_by=country&form=wide&measure=value&limit=1');
    expect(wide.items).toEqual([{ country: 'Germany', unit: 'kg', y2020: 200, y2021: 300, y2022: 800 }]);
    const csv = await fetch(`${wine.url}/wine/analysis?series=export-wine&group_by=country&form=wide&format=csv`);
    expect((await csv.text()).split('\n')[0]).toBe('country,unit,y2020,y2021,y2022');
  });

  it('puts series beside each other, adds residuals, and never adds litres to kilograms', async () => {
    const { items } = await ask('series=import-wine,export-wine,production&group_by=series&period=2021');
    expect(items.map(({ series, quantity, unit }) => [series, quantity, unit])).toEqual([
      ['production', 1208, 'L'],
      ['export-wine', 100, 'kg'],
      ['import-wine', 100, 'kg'],
    ]);
    const mixed = await ask('series=export-wine,production&group_by=year&period=2021');
    expect(mixed.items.map(({ unit }) => unit).sort()).toEqual(['L', 'kg']);
    expect((await ask('series=production&group_by=name&section=vinho de mesa&period=2021')).items).toMatchObject([
      { name: 'T', quantity: 1100 },
      { name: 'not itemised', quantity: 100 },
    ]);
  });

  it('says what it does not understand', async () => {
    expect(await ask("series=export-wine&country=O'Higgins&group_by=country")).toMatchObject({ total: 1 });
    expect(await ask("series=export-wine&country=x'; DROP TABLE scope; --")).toMatchObject({ code: 'wine.no_match' });
    expect(await ask('series=production&measure=price')).toMatchObject({ code: 'wine.no_measure' });
    expect(await ask('series=production&period=2022-2020')).toMatchObject({ code: 'wine.invalid_years' });
    for (const wrong of ['series=wine', 'series=production&group_by=colour', 'series=production&limit=0']) {
      expect((await fetch(`${wine.url}/wine/analysis?${wrong}`)).status).toBe(400);
    }
  });

  it('balances a product, and names what it assumes', async () => {
    const body = (await (await fetch(`${wine.url}/wine/balance?product=wine`)).json()) as Answer & {
      assumptions: string[];
    };
    expect(body.items).toMatchObject([
      {
        year: 2020,
        production: 1200,
        processing_kg: 16,
        sales: 600,
        exports: 80,
        imports: 100,
        unaccounted: 600,
        months_of_stock: 12,
        trade_balance_usd: 60,
      },
      { year: 2021, unaccounted: 0, months_of_stock: 6 },
      { year: 2022, production: 1000, sales: null, unaccounted: null, months_of_stock: null, share_exported: 0.05 },
    ]);
    expect(body.assumptions).toContainEqual(expect.stringContaining('1 kg is taken for 1 L'));
  });
});
