import { ServiceError, type WineSeries } from '@vindima/contracts';
import { catalogue } from './catalogue.ts';

const byId = new Map<string, WineSeries>(catalogue.map((series) => [series.id, series]));

/** @throws 404 `wine.unknown_series`, naming the valid ids. */
export const findSeries = (id: string): WineSeries => {
  const series = byId.get(id.toLowerCase());
  if (series === undefined) {
    throw new ServiceError(404, 'wine.unknown_series', `There is no series "${id}".`, {
      details: { valid: [...byId.keys()] },
    });
  }
  return series;
};

/** The kinds of the existing addresses that have a `tipo`. */
export const legacyKinds = ['processamentoCSV', 'importacaoCSV', 'exportacaoCSV'] as const;
export type LegacyKind = (typeof legacyKinds)[number];

/**
 * @param tipo in any case
 * @throws 404 `wine.unknown_tipo`, naming the valid ones.
 */
export const findByTipo = (kind: LegacyKind, tipo: string): WineSeries => {
  const prefix = `/${kind}/tipo/`;
  const candidates = catalogue.filter((series) => series.legacy_path.startsWith(prefix));
  const wanted = tipo.toLowerCase();
  const found = candidates.find((series) => series.legacy_path.slice(prefix.length).toLowerCase() === wanted);
  if (found === undefined) {
    const valid = candidates.map((series) => series.legacy_path.slice(prefix.length));
    throw new ServiceError(404, 'wine.unknown_tipo', `There is no tipo "${tipo}". Valid ones: ${valid.join(', ')}.`, {
      details: { valid },
    });
  }
  return found;
};
