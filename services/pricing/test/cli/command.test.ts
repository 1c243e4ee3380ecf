import { readdirSync } from 'node:fs';
import { temporaryFolder } from '@vindima/test-servers';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../src/cli/run-command.ts';

const call = async (
  args: readonly string[],
  environment: Record<string, string> = {},
  signal = new AbortController().signal,
) => {
  const written = { out: '', err: '' };
  const folder = temporaryFolder();
  const terminal = {
    stdout: { write: (text: string) => (written.out += text) },
    stderr: { write: (text: string) => (written.err += text) },
  };
  const code = await runCommand(args, { DATA_DIR: folder, PRICING_RETRIES: '0', ...environment }, terminal, signal);
  // Its database is gone with it.
  expect(readdirSync(folder)).toEqual([]);
  return { code, ...written };
};

describe('npm run prices', { timeout: 60_000 }, () => {
  it('prints the table of the day, with nothing running', async () => {
    const { code, out, err } = await call(['--category', 'Shoes', '--currency', 'EUR']);
    expect([code, err]).toEqual([0, '']);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^Product +Price USD {2}Price EUR {2}Rate of$/);
    expect(lines.filter((line) => /^Trail Runners +52 +\d+\.\d\d {2}\d{4}-\d\d-\d\d$/.test(line))).toHaveLength(1);
    expect(out).toMatch(/made up; UPSTREAMS=live/);
  });

  it('prints the days of a period with rates as CSV and JSON', async () => {
    const period = { START_DATE: '2026-04-02', END_DATE: '2026-04-07' };
    const { out } = await call(['--category', 'Shoes', '--format', 'json'], period);
    const items: { rate_date: string }[] = JSON.parse(out);
    expect([...new Set(items.map(({ rate_date }) => rate_date))]).toEqual(['2026-04-02', '2026-04-07']);
    const csv = await call(['--category', 'Shoes', '--format', 'csv', '--from', '2026-04-02', '--to', '2026-04-07']);
    expect(csv.out.trimEnd().split('\n')).toHaveLength(items.length + 1);
  });

  it('says what is missing, and prints the rest', async () => {
    const { code, out, err } = await call(['--category', 'Shoes,Hats', '--currency', 'EUR,RUB']);
    expect(code).toBe(0);
    expect(err).toMatch(/category "Hats"/);
    expect(err).toMatch(/The last rate of RUB on or before .* is of 2022-03-01/);
    expect(out.split('\n').filter((line) => line.startsWith('Trail Runners'))).toHaveLength(1);
  });

  it.each([
    [['--currency', 'euro'], 2, /three letters/],
    [['--from', '2026-02-30'], 2, /expected a date/],
    [['--format', 'xml'], 2, /one of table, csv, json/],
    [['--colour', 'red'], 2, /colour/],
    [['--from', '2026-04-02', '--to', '2026-04-01'], 1, /before it begins/],
    [['--category', 'Hats'], 1, /"Hats"/],
  ])('refuses %j', async (args, code, message) => {
    const refused = await call(args);
    expect(refused).toMatchObject({ code, out: '' });
    expect(refused.err).toMatch(message);
  });

  it('says which API failed', async () => {
    const dead = { ECB_URL: 'http://127.0.0.1:1', STORE_URL: 'http://127.0.0.1:1' };
    expect(await call([], dead)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/ECB failed: the connection was refused.*\n?.*Store failed/),
    });
  });

  it('ends when it is interrupted', async () => {
    const controller = new AbortController();
    controller.abort();
    expect(await call([], {}, controller.signal)).toMatchObject({ code: 130, out: '' });
  });
});
