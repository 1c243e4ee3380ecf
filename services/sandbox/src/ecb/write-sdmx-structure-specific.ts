import type { SelectedSeries } from './select.ts';
import {
  type Detail,
  observationStatus,
  seriesKey,
  seriesKeyIds,
  title,
  withAttributes,
  withObservations,
} from './write.ts';

/** SDMX-ML 2.1 structure-specific data: an XML attribute per dimension and attribute. */
export const writeSdmxStructureSpecific = (selected: readonly SelectedSeries[], detail: Detail, now: Date): string => {
  const full = withAttributes(detail);
  const series = selected.map(({ shape, observations }) => {
    const key = seriesKey(shape).map((id, index) => `${seriesKeyIds[index]}="${id}"`);
    const written = observations.map(
      ({ date, value }) =>
        `<Obs TIME_PERIOD="${date}" OBS_VALUE="${value || 'NaN'}"${full ? ` OBS_STATUS="${observationStatus(value)}"` : ''}/>`,
    );
    return `<Series ${key.join(' ')}${full ? ` TITLE="${title(shape)}" UNIT_MULT="0"` : ''}>${withObservations(detail) ? written.join('') : ''}</Series>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><message:StructureSpecificData xmlns:message="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message">
<message:Header><message:ID>vindima-sandbox</message:ID><message:Test>true</message:Test><message:Prepared>${now.toISOString()}</message:Prepared><message:Sender id="VINDIMA-SANDBOX"/></message:Header>
<message:DataSet>${series.join('\n')}</message:DataSet>
</message:StructureSpecificData>`;
};
