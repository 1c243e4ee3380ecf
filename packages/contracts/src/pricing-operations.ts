import { Type } from 'typebox';
import { Job } from './jobs.ts';
import { JobHeaders } from './jobs-operations.ts';
import { defineOperations, type OperationErrors } from './operations/define-operation.ts';
import { PageQuery } from './pagination.ts';
import {
  CurrencyList,
  PricesPage,
  PricesQuery,
  ProductsPage,
  ProductsQuery,
  RatesPage,
  RatesQuery,
} from './pricing.ts';
import { ChangesPage, ChangesQuery } from './pricing-changes.ts';
import { HeldRate, HeldRatePage, HeldRatesQuery } from './pricing-held-rates.ts';
import { PricingHistoryInput, PricingRun, PricingRunInput, PricingRunPage } from './pricing-runs.ts';

const reading = { role: 'viewer', scope: 'read' } as const;
const changing = { role: 'editor', scope: 'write' } as const;
const cursors = { 'pricing.invalid_cursor': [400, 'The cursor is not one of ours.'] } satisfies OperationErrors;
const dates = {
  'pricing.invalid_date': [400, 'There is no such day.'],
  'pricing.date_and_period': [400, 'Give `date` or a period, not both.'],
  'pricing.invalid_period': [400, '`from` is after `to`, or the period is none.'],
} satisfies OperationErrors;
const loading = {
  'pricing.rates_not_loaded': [503, 'The rates of that time are not loaded yet.'],
  'pricing.no_rate': [404, 'There is no rate of this currency that holds on the day.'],
  'pricing.rate_held': [503, 'The rate of this currency and day is held back, as it is hard to believe.'],
} satisfies OperationErrors;
const catalogue = {
  'pricing.unknown_category': [404, 'There is no such category; the sentence names the nearest.'],
  'pricing.products_not_loaded': [503, 'The products are not loaded yet.'],
} satisfies OperationErrors;
const tooMany = {
  'pricing.too_many_rows': [422, 'The answer would be too long: ask for less, or for pages.'],
} as const;
const invalidPeriod = { 'pricing.invalid_period': [422, 'The period is not one of the past.'] } as const;

const heldRate = {
  'pricing.unknown_held_rate': [404, 'There is no such rate.'],
  'pricing.rate_decided': [409, 'The rate was decided on already, or is none.'],
} satisfies OperationErrors;
const HeldRateParams = Type.Object({ id: Type.String({ maxLength: 80, description: 'The id of the rate' }) });

export const pricingOperations = defineOperations('pricing', {
  listPrices: {
    method: 'GET',
    path: '/prices',
    tag: 'prices',
    summary: 'Products at the rate of a day, in any currency',
    access: reading,
    query: PricesQuery,
    answers: {
      200: {
        description: 'A page of prices, or a file of all',
        json: PricesPage,
        file: ['text/csv', 'application/vnd.apache.parquet'],
      },
      304: { description: 'As the `If-None-Match` of the request knows it' },
    },
    errors: { ...dates, ...cursors, ...catalogue, ...loading, ...tooMany },
  },
  listRates: {
    method: 'GET',
    path: '/rates',
    tag: 'rates',
    summary: 'Rates of any currency in any other, crosses through the euro',
    access: reading,
    query: RatesQuery,
    answers: { 200: { description: 'A page of rates', json: RatesPage, file: ['text/csv'] } },
    errors: { ...dates, ...cursors, ...loading, ...tooMany },
  },
  listCurrencies: {
    method: 'GET',
    path: '/currencies',
    tag: 'rates',
    summary: 'Currencies: names, days with rates, and what became of those that ended',
    access: reading,
    answers: { 200: { description: 'Every currency', json: CurrencyList } },
    errors: {},
  },
  listHeldRates: {
    method: 'GET',
    path: '/pricing/held-rates',
    tag: 'rates',
    summary: 'Published rates that are hard to believe, newest first',
    access: reading,
    query: HeldRatesQuery,
    answers: { 200: { description: 'A page of rates', json: HeldRatePage } },
    errors: {},
  },
  acceptHeldRate: {
    method: 'POST',
    path: '/pricing/held-rates/:id/accept',
    tag: 'rates',
    summary: 'Record a rate that was held back',
    access: changing,
    params: HeldRateParams,
    answers: { 200: { description: 'The rate, recorded', json: HeldRate } },
    errors: heldRate,
  },
  rejectHeldRate: {
    method: 'POST',
    path: '/pricing/held-rates/:id/reject',
    tag: 'rates',
    summary: 'Keep a rate that was held back from ever being recorded',
    access: changing,
    params: HeldRateParams,
    answers: { 200: { description: 'The rate, rejected', json: HeldRate } },
    errors: heldRate,
  },
  listProducts: {
    method: 'GET',
    path: '/products',
    tag: 'products',
    summary: 'The products of the store, on any day and as known at any time',
    access: reading,
    query: ProductsQuery,
    answers: { 200: { description: 'A page of products', json: ProductsPage } },
    errors: { 'pricing.invalid_date': dates['pricing.invalid_date'], ...cursors, ...catalogue },
  },
  listChanges: {
    method: 'GET',
    path: '/pricing/changes',
    tag: 'changes',
    summary: 'Every change of products and rates in the order of recording, with before and after',
    access: reading,
    query: ChangesQuery,
    answers: { 200: { description: 'Changes behind `after`', json: ChangesPage } },
    errors: {},
  },
  listRuns: {
    method: 'GET',
    path: '/pricing/runs',
    tag: 'runs',
    summary: 'Runs, newest first',
    access: reading,
    query: PageQuery,
    answers: { 200: { description: 'A page of runs', json: PricingRunPage } },
    errors: {},
  },
  getRun: {
    method: 'GET',
    path: '/pricing/runs/:id',
    tag: 'runs',
    summary: 'A run: what it recorded, and what went wrong',
    access: reading,
    params: Type.Object({ id: Type.String({ maxLength: 80, description: 'The id of its job' }) }),
    answers: { 200: { description: 'The run', json: PricingRun } },
    errors: { 'pricing.unknown_run': [404, 'There is no such run.'] },
  },
  run: {
    method: 'POST',
    path: '/pricing/runs',
    tag: 'runs',
    summary: 'Fetch rates and products, record what changed, write a snapshot of the prices',
    access: changing,
    headers: JobHeaders,
    body: { json: PricingRunInput, optional: true },
    answers: { 202: { description: 'The job of the run', json: Job } },
    errors: {
      ...invalidPeriod,
      'pricing.idempotency_key_reused': [409, 'The Idempotency-Key was used for another request.'],
    },
    examples: { body: { currencies: ['EUR', 'GBP'] } },
  },
  loadHistory: {
    method: 'POST',
    path: '/pricing/history',
    tag: 'runs',
    summary: 'Load rates back to a day, or all of them again (`force`)',
    access: changing,
    headers: JobHeaders,
    body: { json: PricingHistoryInput },
    answers: { 202: { description: 'The job that loads', json: Job } },
    errors: {
      ...invalidPeriod,
      'pricing.idempotency_key_reused': [409, 'The Idempotency-Key was used for another request.'],
    },
    examples: { body: { from: '2020-01-01' } },
  },
});
