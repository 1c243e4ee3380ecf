import type { WineMeasure, WineSeries, WineSeriesId } from '@vindima/contracts';

const litres: readonly WineMeasure[] = [{ measure: 'quantity', unit: 'L' }];
const kilograms: readonly WineMeasure[] = [{ measure: 'quantity', unit: 'kg' }];
/** In the order of the two columns that the files have for each year. */
const trade: readonly WineMeasure[] = [
  { measure: 'quantity', unit: 'kg' },
  { measure: 'value', unit: 'US$' },
];

const define = (
  id: WineSeriesId,
  file: string,
  titles: readonly [en: string, pt: string],
  measures: readonly WineMeasure[],
  hierarchy: WineSeries['hierarchy'],
  legacyPath: string,
): WineSeries => ({
  id,
  file: `${file}.csv`,
  title: { en: titles[0], pt: titles[1] },
  measures: [...measures],
  hierarchy,
  legacy_path: legacyPath,
});

const processing = (id: WineSeriesId, tipo: string, titles: readonly [string, string], flat = false) =>
  define(id, `Processa${tipo}`, titles, kilograms, flat ? 'flat' : 'sections', `/processamentoCSV/tipo/${tipo}`);
const imports = (id: WineSeriesId, tipo: string, titles: readonly [string, string]) =>
  define(id, `Imp${tipo}`, titles, trade, 'countries', `/importacaoCSV/tipo/${tipo}`);
const exports = (id: WineSeriesId, tipo: string, titles: readonly [string, string]) =>
  define(id, `Exp${tipo}`, titles, trade, 'countries', `/exportacaoCSV/tipo/${tipo}`);

/**
 * The fifteen series of Embrapa's VitiBrasil. The one place that knows their files, units and addresses: the `tipo` of an
 * address is the name of the file behind its prefix.
 */
export const catalogue: readonly WineSeries[] = [
  define(
    'production',
    'Producao',
    ['Production of wines, juices and derivatives', 'Produção de vinhos, sucos e derivados'],
    litres,
    'sections',
    '/producaoCSV',
  ),
  processing('processing-viniferas', 'Viniferas', ['Grapes processed: Vitis vinifera', 'Uvas viníferas processadas']),
  processing('processing-americanas', 'Americanas', [
    'Grapes processed: American and hybrid',
    'Uvas americanas e híbridas processadas',
  ]),
  processing('processing-mesa', 'Mesa', ['Grapes processed: table grapes', 'Uvas de mesa processadas']),
  processing(
    'processing-semclass',
    'Semclass',
    ['Grapes processed: unclassified', 'Uvas sem classificação processadas'],
    true,
  ),
  define(
    'commercialization',
    'Comercio',
    ['Commercialization of wines and derivatives', 'Comercialização de vinhos e derivados'],
    litres,
    'sections',
    '/comercializacaoCSV',
  ),
  imports('import-wine', 'Vinhos', ['Imports of table wine', 'Importação de vinhos de mesa']),
  imports('import-sparkling', 'Espumantes', ['Imports of sparkling wine', 'Importação de espumantes']),
  imports('import-fresh-grapes', 'Frescas', ['Imports of fresh grapes', 'Importação de uvas frescas']),
  imports('import-raisins', 'Passas', ['Imports of raisins', 'Importação de uvas passas']),
  imports('import-juice', 'Suco', ['Imports of grape juice', 'Importação de suco de uva']),
  exports('export-wine', 'Vinho', ['Exports of table wine', 'Exportação de vinhos de mesa']),
  exports('export-sparkling', 'Espumantes', ['Exports of sparkling wine', 'Exportação de espumantes']),
  exports('export-grapes', 'Uva', ['Exports of fresh grapes', 'Exportação de uvas frescas']),
  exports('export-juice', 'Suco', ['Exports of grape juice', 'Exportação de suco de uva']),
];
