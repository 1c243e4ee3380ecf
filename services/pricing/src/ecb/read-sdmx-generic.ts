import { type Collector, isDailyEuroSeries, type SeriesKey } from './observation.ts';
import type { ElementReader } from './read-xml.ts';

const namespace = 'http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic';

/**
 * SDMX-ML 2.1 generic data: `Series` > `SeriesKey` > `Value@id,@value`, `Obs` > `ObsDimension@value`, `ObsValue@value`; in flat
 * files there is no `Series`, and `Obs` > `ObsKey` has all of the key.
 */
export const sdmxGenericReader = (collector: Collector): ElementReader => {
  const path: string[] = [];
  let series: Record<string, string> = {};
  let observation: Record<string, string> = {};
  return {
    open(name, attribute, { uri }) {
      path.push(name);
      if (uri !== namespace) return;
      const parent = path.at(-2);
      const value = attribute('value') ?? '';
      if (name === 'Series') series = {};
      else if (name === 'Obs') observation = { ...series };
      else if (name === 'ObsDimension') observation[attribute('id') ?? 'TIME_PERIOD'] = value;
      else if (name === 'ObsValue') observation.OBS_VALUE = value;
      else if (name === 'Value' && path.includes('Obs')) observation[attribute('id') ?? ''] = value;
      else if (name === 'Value' && (parent === 'SeriesKey' || parent === 'Attributes'))
        series[attribute('id') ?? ''] = value;
    },
    close(name) {
      path.pop();
      if (name === 'Obs') addObservation(collector, observation);
      if (name === 'Series') series = {};
    },
  };
};

/** Adds an observation whose dimensions, value and attributes are known by their SDMX ids. */
export const addObservation = (
  collector: Collector,
  found: SeriesKey & { readonly TIME_PERIOD?: string; readonly OBS_VALUE?: string; readonly UNIT_MULT?: string },
) => {
  if (isDailyEuroSeries(found)) {
    collector.add(found.CURRENCY ?? '', found.TIME_PERIOD ?? '', found.OBS_VALUE ?? '', found.UNIT_MULT ?? '0');
  } else collector.skip();
};
