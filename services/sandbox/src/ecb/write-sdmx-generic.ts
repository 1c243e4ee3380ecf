import type { SelectedSeries } from './select.ts';
import {
  type Detail,
  longTitle,
  observationStatus,
  seriesKey,
  seriesKeyIds,
  title,
  withAttributes,
  withObservations,
} from './write.ts';

const value = (id: string, text: string) => `<generic:Value id="${id}" value="${text}"/>`;

/** SDMX-ML 2.1 generic data, the ECB's default. */
export const writeSdmxGeneric = (selected: readonly SelectedSeries[], detail: Detail, now: Date): string => {
  const full = withAttributes(detail);
  const series = selected.map(({ shape, observations }) => {
    const key = seriesKey(shape).map((id, index) => value(seriesKeyIds[index] ?? '', id));
    const attributes = [value('TITLE', title(shape)), value('TITLE_COMPL', longTitle(shape)), value('UNIT_MULT', '0')];
    const written = observations.map(
      ({ date, value: rate }) =>
        `<generic:Obs>\n<generic:ObsDimension value="${date}"/>\n<generic:ObsValue value="${rate || 'NaN'}"/>\n${
          full ? `<generic:Attributes>\n${value('OBS_STATUS', observationStatus(rate))}\n</generic:Attributes>\n` : ''
        }</generic:Obs>`,
    );
    return `<generic:Series>\n<generic:SeriesKey>\n${key.join('\n')}\n</generic:SeriesKey>\n${
      full ? `<generic:Attributes>\n${attributes.join('\n')}\n</generic:Attributes>\n` : ''
    }${withObservations(detail) ? `${written.join('\n')}\n` : ''}</generic:Series>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><message:GenericData xmlns:message="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message" xmlns:generic="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic">
<message:Header>
<message:ID>vindima-sandbox</message:ID>
<message:Test>true</message:Test>
<message:Prepared>${now.toISOString()}</message:Prepared>
<message:Sender id="VINDIMA-SANDBOX"/>
</message:Header>
<message:DataSet action="Replace">
${series.join('\n')}
</message:DataSet>
</message:GenericData>`;
};
