import type { SelectedSeries } from './select.ts';
import { type Detail, longTitle, observationStatus, seriesKey, title, withAttributes } from './write.ts';

const keyColumns = 'KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE';
const attributeColumns =
  'OBS_STATUS,OBS_CONF,OBS_PRE_BREAK,OBS_COM,TIME_FORMAT,BREAKS,COLLECTION,COMPILING_ORG,DISS_ORG,DOM_SER_IDS,PUBL_ECB,PUBL_MU,' +
  'PUBL_PUBLIC,UNIT_INDEX_BASE,COMPILATION,COVERAGE,DECIMALS,NAT_TITLE,SOURCE_AGENCY,SOURCE_PUB,TITLE,TITLE_COMPL,UNIT,UNIT_MULT';

/** A row per observation, with the 32 columns of `format=csvdata`, or the first 8 without attributes. */
export const writeCsvdata = (selected: readonly SelectedSeries[], detail: Detail): string => {
  const full = withAttributes(detail);
  const lines = [full ? `${keyColumns},${attributeColumns}` : keyColumns];
  for (const { shape, observations } of selected) {
    const key = seriesKey(shape);
    const start = `EXR.${key.join('.')},${key.join(',')}`;
    const attributes = `,,,P1D,,A,,,,,,,99Q1=100,,,${shape.decimals},,4F0,,"${title(shape)}","${longTitle(shape)}",${shape.code},0`;
    for (const { date, value } of observations) {
      const confidentiality = value === '' ? '' : 'F';
      lines.push(
        `${start},${date},${value}${full ? `,${observationStatus(value)},${confidentiality}${attributes}` : ''}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
};
