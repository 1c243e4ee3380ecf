import { ServiceError, wineSeriesIds } from '@vindima/contracts';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/catalogue.ts';
import { findByTipo, findSeries } from '../../src/catalogue/find.ts';

describe('the catalogue', () => {
  it('has the fifteen series of the contract, each with its own file and address', () => {
    expect(catalogue.map((series) => series.id)).toEqual([...wineSeriesIds]);
    expect(new Set(catalogue.map((series) => series.file)).size).toBe(15);
    expect(new Set(catalogue.map((series) => series.legacy_path)).size).toBe(15);
  });

  it('knows the tipo as the name of the file behind its prefix, in any case', () => {
    expect(findByTipo('processamentoCSV', 'viniferas').file).toBe('ProcessaViniferas.csv');
    expect(findByTipo('importacaoCSV', 'VINHOS').file).toBe('ImpVinhos.csv');
    expect(findByTipo('exportacaoCSV', 'Vinho').file).toBe('ExpVinho.csv');
  });

  it('names the valid ones where there is no such tipo or series', () => {
    const caught = (work: () => unknown) => {
      try {
        return work();
      } catch (error) {
        return error instanceof ServiceError ? [error.status, error.code, error.details.valid] : error;
      }
    };
    expect(caught(() => findByTipo('exportacaoCSV', 'Vinhos'))).toEqual([
      404,
      'wine.unknown_tipo',
      ['Vinho', 'Espumantes', 'Uva', 'Suco'],
    ]);
    expect(caught(() => findSeries('wine'))).toEqual([404, 'wine.unknown_series', [...wineSeriesIds]]);
  });
});
