import type { CurrencyItem } from '@vindima/contracts';
import { dateOf } from '../calendar/dates.ts';
import { lastDueDay } from '../calendar/target.ts';
import type { PricingContext } from '../context.ts';
import { currencySpans } from '../db/rates.ts';
import { type CurrencyFacts, currencies } from '../rates/currencies.ts';

/** @returns every currency that is known by name or has rates, in the order of the codes */
export const listedCurrencies = async ({
  database,
  sources,
  clock,
}: Pick<PricingContext, 'database' | 'sources' | 'clock'>): Promise<CurrencyItem[]> => {
  const spans = await currencySpans(database.query, sources.provider);
  const now = clock();
  const codes = new Set([...currencies.keys(), ...spans.keys()]);
  return [...codes].sort().map((code) => {
    const facts = currencies.get(code) ?? { code, name: code, minorUnit: 2 };
    const span = spans.get(code);
    const { replaced, suspended } = facts;
    return {
      code,
      name: facts.name,
      minor_unit: facts.minorUnit,
      first_date: span?.first ?? null,
      last_date: span?.last ?? null,
      status: statusOf(facts, span?.last, now),
      successor: replaced ? { currency: replaced.successor, ratio: replaced.ratio, from: replaced.from } : null,
      suspended: suspended ? { from: suspended.from, until: suspended.until ?? null } : null,
      source: replaced?.source ?? suspended?.source ?? null,
    };
  });
};

const statusOf = ({ code, replaced, suspended }: CurrencyFacts, last: string | undefined, now: Date) => {
  const today = dateOf(now);
  if (replaced !== undefined && today >= replaced.from) return replaced.successor === 'EUR' ? 'fixed' : 'replaced';
  if (suspended !== undefined && today >= suspended.from && today <= (suspended.until ?? '9999')) return 'suspended';
  return code !== 'EUR' && last !== undefined && last < lastDueDay(now) ? 'ended' : 'active';
};
