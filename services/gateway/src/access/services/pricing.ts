import { defineRules } from '../define-rules.ts';

export const pricingRules = defineRules('pricing', {
  viewers: [
    'GET /prices',
    'GET /rates',
    'GET /products',
    'GET /pricing/changes',
    'GET /pricing/runs',
    'GET /pricing/runs/:id',
  ],
  editors: ['POST /pricing/runs', 'POST /pricing/history'],
});
