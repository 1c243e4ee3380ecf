import type { PriceItem, PricesPage, PricingRun, PricingRunInput } from '@vindima/contracts';
import { ConfigurationError, type Environment } from '@vindima/service-kit';
import { writePricesCsv } from '../operations/csv.ts';
import { type PricesCommand, readArguments, UsageError, usage } from './arguments.ts';
import { startEmbedded } from './embedded.ts';
import { writeTable } from './table.ts';

/** Where to write: `process`, or a test. */
interface Terminal {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/**
 * `npm run prices`: one run of the service in this process, and its prices on standard output. What is missing is said on standard error.
 *
 * @param signal ends it; what it started is stopped and its database removed
 * @returns the exit code: 0, 1 when there are no prices to print, 2 for a call that is not understood, 130 when interrupted
 */
export const runCommand = async (
  args: readonly string[],
  environment: Environment,
  { stdout, stderr }: Terminal,
  signal: AbortSignal,
): Promise<number> => {
  try {
    const command = readArguments(args);
    if (command === undefined) {
      stdout.write(usage);
      return 0;
    }
    const { problems, text } = await price(command, environment, signal);
    for (const problem of problems) stderr.write(`${problem}\n`);
    stdout.write(text);
    return text === '' ? 1 : 0;
  } catch (error) {
    if (signal.aborted) return 130;
    if (error instanceof UsageError) {
      stderr.write(`${error.message}\n\n${usage}`);
      return 2;
    }
    if (!(error instanceof ConfigurationError || error instanceof CommandFailed)) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  }
};

class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

const price = async (command: PricesCommand, environment: Environment, signal: AbortSignal) => {
  const { url, stop } = await startEmbedded(environment);
  try {
    const run = await finishRun(url, command, signal);
    const items = run.prices === 0 ? [] : await collectPrices(url, run);
    return { problems: run.problems.map(({ error }) => error), text: items.length === 0 ? '' : write(items, command) };
  } finally {
    await stop();
  }
};

const write = (items: readonly PriceItem[], { format }: PricesCommand) => {
  if (format === 'json') return `${JSON.stringify(items, null, 2)}\n`;
  return format === 'csv' ? writePricesCsv(items) : writeTable(items);
};

const finishRun = async (
  service: string,
  { categories, currencies, from, to }: PricesCommand,
  signal: AbortSignal,
): Promise<PricingRun> => {
  const input: PricingRunInput = {
    categories: [...categories],
    currencies: [...currencies],
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
  const { id } = await answer<{ id: string }>(`${service}/pricing/runs`, input);
  for (;;) {
    signal.throwIfAborted();
    const run = await answer<PricingRun>(`${service}/pricing/runs/${id}`);
    if (run.finished_at !== null) return run;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** The prices of a run, category by category and page by page. */
const collectPrices = async (service: string, run: PricingRun): Promise<PriceItem[]> => {
  const { categories = [], currencies = [], from = '', to = '' } = run.input;
  const unknown = new Set(run.problems.map(({ details }) => details.category ?? details.currency));
  const wanted = categories.filter((category) => !unknown.has(category));
  const currency = currencies.filter((code) => !unknown.has(code)).join(',');
  const items: PriceItem[] = [];
  for (const category of categories.length === 0 ? [undefined] : wanted) {
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = new URLSearchParams({
        currency,
        from,
        to,
        limit: '10000',
        ...(category && { category }),
        ...(cursor && { cursor }),
      });
      const page: PricesPage = await answer<PricesPage>(`${service}/prices?${query}`);
      items.push(...page.items);
      cursor = page.next_cursor;
    }
  }
  return items;
};

const answer = async <Body>(url: string, input?: object): Promise<Body> => {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(input) };
  const response = await fetch(url, input === undefined ? {} : init);
  const body: unknown = await response.json();
  if (response.ok) return body as Body;
  throw new CommandFailed((body as { error: string }).error);
};
