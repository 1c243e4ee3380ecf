import { defineRules } from '../define-rules.ts';

export const wineRules = defineRules('wine', {
  viewers: [
    'GET /producaoCSV',
    'GET /comercializacaoCSV',
    'GET /processamentoCSV/tipo/:tipo',
    'GET /importacaoCSV/tipo/:tipo',
    'GET /exportacaoCSV/tipo/:tipo',
    'GET /wine/series',
    'GET /wine/series/:id',
    'GET /wine/series/:id/checks',
    'GET /wine/ingestions/:id',
  ],
  editors: ['POST /wine/ingestions'],
});
