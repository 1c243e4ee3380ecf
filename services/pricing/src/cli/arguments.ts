import { parseArgs } from 'node:util';
import { isCalendarDate } from '../calendar/dates.ts';

/** What the command was asked for. */
export interface PricesCommand {
  readonly categories: readonly string[];
  readonly currencies: readonly string[];
  /** Undefined: what START_DATE and END_DATE say, else today. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly format: 'table' | 'csv' | 'json';
}

/** The command was called in a way that it does not understand. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `usage: npm run prices -- [--category Shoes] [--currency EUR] [--from 2026-11-02] [--to 2026-11-06] [--format table|csv|json]

Prints the store's products at the ECB's reference rate: of today, or of every day of a period on which rates were published.

  --category   name or slug, several separated by commas; default: all
  --currency   ISO code, several separated by commas; default: EUR
  --from, --to first and last day; default: START_DATE and END_DATE, else today
  --format     table (default), csv or json

Rates and products are the sandbox's, made up, unless UPSTREAMS=live.
`;

const formats = ['table', 'csv', 'json'] as const;

/** @returns undefined when help was asked for. @throws UsageError */
export const readArguments = (args: readonly string[]): PricesCommand | undefined => {
  const { values } = parse(args);
  if (values.help) return undefined;
  const list = (text: string | undefined) =>
    (text ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const currencies = list(values.currency ?? 'EUR').map((currency) => currency.toUpperCase());
  for (const currency of currencies) {
    if (!/^[A-Z]{3}$/.test(currency))
      throw new UsageError(`--currency ${currency}: expected a code of three letters, as in EUR`);
  }
  for (const [name, date] of [
    ['--from', values.from],
    ['--to', values.to],
  ]) {
    if (date !== undefined && !isCalendarDate(date))
      throw new UsageError(`${name} ${date}: expected a date, as in 2026-11-02`);
  }
  const format = formats.find((known) => known === (values.format ?? 'table'));
  if (format === undefined) throw new UsageError(`--format ${values.format}: expected one of ${formats.join(', ')}`);
  return { categories: list(values.category), currencies, from: values.from, to: values.to, format };
};

const parse = (args: readonly string[]) => {
  const text = { type: 'string' } as const;
  const options = {
    category: text,
    currency: text,
    from: text,
    to: text,
    format: text,
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...args], options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};
