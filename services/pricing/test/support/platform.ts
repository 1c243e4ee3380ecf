import type {
  ChangesPage,
  PricesPage,
  PricingChange,
  PricingRun,
  PricingRunInput,
  ProductsPage,
} from '@vindima/contracts';
import { createLogger, type RunningService, type StartOptions, startService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { pricing } from '../../src/service.ts';
import type { Sandbox } from './sandbox.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

/** A pricing service over a sandbox, which does by itself only what a test asks for. Give a `DATA_DIR` to start it on what another left. */
export const startPricing = async (
  sandbox: Pick<Sandbox, 'url'>,
  environment: Record<string, string> = {},
  options: Omit<Partial<StartOptions>, 'environment'> = {},
) => {
  const running = await startService(pricing, {
    environment: {
      PORT: '0',
      DATA_DIR: temporaryFolder(),
      SANDBOX_URL: sandbox.url,
      PRICING_TIMEOUT_SECONDS: '60',
      PRICING_RETRIES: '0',
      PRICING_SCHEDULE: 'off',
      PRICING_HISTORY_FROM: 'off',
      PRICING_RUN_AT_START: 'false',
      ...environment,
    },
    logger,
    ...options,
  });
  return { ...running, ...client(running) };
};
export type Pricing = Awaited<ReturnType<typeof startPricing>>;

export const post = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

export const until = async <Result>(look: () => Promise<Result | undefined> | Result | undefined): Promise<Result> => {
  for (const deadline = Date.now() + 90_000; Date.now() < deadline; ) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not happen within 90 s');
};

const client = ({ url }: RunningService) => {
  const get = async <Body>(path: string): Promise<Body> => {
    const response = await fetch(url + path);
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Body;
  };
  const ended = (id: string) =>
    until(async () => {
      const run = await get<PricingRun>(`/pricing/runs/${id}`);
      return run.finished_at === null ? undefined : run;
    });
  return {
    get,
    ended,
    /** Asks for a run and waits for its end. */
    run: async (input: PricingRunInput = {}): Promise<PricingRun> => {
      const response = await fetch(`${url}/pricing/runs`, post(input));
      if (response.status !== 202) throw new Error(await response.text());
      const { id } = (await response.json()) as { id: string };
      return ended(id);
    },
    prices: (query = '') => get<PricesPage>(`/prices?limit=1000&${query}`),
    products: (query = '') => get<ProductsPage>(`/products?limit=1000&${query}`),
    /** The whole feed, page by page. */
    changes: async (entity = '', limit = 1000): Promise<PricingChange[]> => {
      const items: PricingChange[] = [];
      for (let after = 0; ; ) {
        const page = await get<ChangesPage>(
          `/pricing/changes?limit=${limit}&after=${after}${entity && `&entity=${entity}`}`,
        );
        items.push(...page.items);
        if (page.next_after >= page.last) return items;
        after = page.next_after;
      }
    },
    status: async (path: string) => {
      const response = await fetch(url + path);
      return { status: response.status, body: (await response.json()) as { code: string; error: string } };
    },
  };
};

/** What is there after some changes: each key with what it was last, unless it was deleted. @throws when a change does not follow */
export const replay = (changes: readonly PricingChange[]) => {
  const state = new Map<string, unknown>();
  let place = 0;
  for (const change of changes) {
    if (change.sequence <= place) throw new Error(`place ${change.sequence} comes behind ${place}`);
    place = change.sequence;
    const present = state.get(change.key) ?? null;
    if (JSON.stringify(present) !== JSON.stringify(change.before))
      throw new Error(`${change.key} was something else before`);
    if (change.after === null) state.delete(change.key);
    else state.set(change.key, change.after);
  }
  return state;
};
