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

const value = (id: string, name = id) => ({ id, name });

/** SDMX-JSON 1.0.0-wd: keys are indices into the dimensions, an observation is an array that begins with its value. */
export const writeSdmxJson = (selected: readonly SelectedSeries[], detail: Detail, now: Date): string => {
  const dates = [...new Set(selected.flatMap(({ observations }) => observations.map(({ date }) => date)))].sort();
  const dateIndex = new Map(dates.map((date, index) => [date, index]));
  const full = withAttributes(detail);
  const series = selected.map(({ observations }, index) => {
    const parts = full ? [`"attributes":[0,${index},${index}]`] : [];
    if (withObservations(detail)) {
      const written = observations.map(({ date, value: number }) => {
        const rest = full ? `,${observationStatus(number) === 'A' ? 0 : 1},null` : '';
        return `"${dateIndex.get(date)}":[${number === '' ? 'null' : number}${rest}]`;
      });
      parts.push(`"observations":{${written.join(',')}}`);
    }
    return `"0:${index}:0:0:0":{${parts.join(',')}}`;
  });
  const structure = {
    name: 'Exchange Rates (made up by the Vindima sandbox)',
    dimensions: {
      series: seriesKeyIds.map((id, position) => ({
        id,
        name: id,
        values:
          id === 'CURRENCY'
            ? selected.map(({ shape }) => value(shape.code, shape.name))
            : [value(seriesKey({ code: '', name: '', level: 0, wander: 0, decimals: 0 })[position] ?? '')],
      })),
      observation: [
        {
          id: 'TIME_PERIOD',
          name: 'Time period or range',
          role: 'time',
          values: dates.map((date) => ({
            ...value(date),
            start: `${date}T00:00:00.000+01:00`,
            end: `${date}T23:59:59.999+01:00`,
          })),
        },
      ],
    },
    attributes: {
      series: [
        { id: 'UNIT_MULT', name: 'Unit multiplier', values: [value('0', 'Units')] },
        { id: 'TITLE', name: 'Title', values: selected.map(({ shape }) => ({ name: title(shape) })) },
        {
          id: 'TITLE_COMPL',
          name: 'Title complement',
          values: selected.map(({ shape }) => ({ name: longTitle(shape) })),
        },
      ],
      observation: [
        { id: 'OBS_STATUS', name: 'Observation status', values: [value('A', 'Normal value'), value('H', 'Holiday')] },
        { id: 'OBS_CONF', name: 'Observation confidentiality', values: [] },
      ],
    },
  };
  const header = { id: 'vindima-sandbox', test: true, prepared: now.toISOString(), sender: { id: 'VINDIMA-SANDBOX' } };
  return `{"header":${JSON.stringify(header)},"dataSets":[{"action":"Replace","series":{${series.join(',')}}}],"structure":${JSON.stringify(structure)}}`;
};
