import { asList, asRecord, asText, parseJson } from './json.ts';
import { type Collector, createCollector, isDailyEuroSeries, type Observation, type SeriesKey } from './observation.ts';
import { unreadable } from './unreadable.ts';

/** A dimension or attribute: its id and the values that keys and indices point into. */
interface Component {
  readonly id: string;
  readonly values: readonly string[];
}

/**
 * Reads SDMX-JSON 1.0 (the ECB's `1.0.0-wd`, and the later wrapping in `data`): observations as arrays whose first element is the
 * value, in series whose keys are indices into the dimensions (github.com/sdmx-twg/sdmx-json, data-message).
 *
 * @throws ServiceError 502 `pricing.unreadable_rates`
 */
export const readSdmxJson = (text: string): Observation[] => {
  const root = asRecord(parseJson(text), 'it is not a JSON object');
  const message = root.data === undefined ? root : asRecord(root.data, 'its data is no object');
  const structure = asRecord(message.structure ?? asList(message.structures ?? [])[0], 'it has no structure');
  const dimensions = asRecord(structure.dimensions, 'its structure has no dimensions');
  const attributes = asRecord(structure.attributes ?? {}, 'its attributes are no object');
  const layout: Layout = {
    series: components(dimensions.series),
    observation: components(dimensions.observation),
    attributes: components(attributes.series),
  };
  const collector = createCollector();
  for (const dataSet of asList(message.dataSets)) {
    const { series, observations } = asRecord(dataSet, 'a data set is no object');
    for (const [key, content] of Object.entries(asRecord(series ?? {}, 'its series are no object'))) {
      const { attributes: indices, observations: values } = asRecord(content, 'a series is no object');
      readSeries(collector, layout, key, values, asList(indices ?? []));
    }
    // With every dimension at the observation there are no series around them.
    if (observations !== undefined) readSeries(collector, { ...layout, series: [] }, '', observations, []);
  }
  return collector.finish();
};

interface Layout {
  readonly series: readonly Component[];
  readonly observation: readonly Component[];
  readonly attributes: readonly Component[];
}

const readSeries = (
  collector: Collector,
  layout: Layout,
  key: string,
  observations: unknown,
  attributeIndices: readonly unknown[],
) => {
  const series = resolve(layout.series, key);
  const multiplierAt = layout.attributes.findIndex(({ id }) => id === 'UNIT_MULT');
  const multiplier =
    layout.attributes[multiplierAt]?.values[Number(attributeIndices[multiplierAt] ?? Number.NaN)] ?? '0';
  for (const [observationKey, value] of Object.entries(
    asRecord(observations ?? {}, 'its observations are no object'),
  )) {
    const at: SeriesKey & { TIME_PERIOD?: string } = { ...series, ...resolve(layout.observation, observationKey) };
    if (!isDailyEuroSeries(at)) {
      collector.skip();
      continue;
    }
    const first = asList(value)[0];
    collector.add(
      at.CURRENCY ?? '',
      at.TIME_PERIOD ?? '',
      first === null || first === undefined ? '' : asText(first),
      multiplier,
    );
  }
};

/** `0:12:0` to the ids that the indices stand for. */
const resolve = (parts: readonly Component[], key: string): Record<string, string> => {
  const indices = key === '' ? [] : key.split(':');
  if (indices.length !== parts.length) throw unreadable(`the key "${key.slice(0, 40)}" does not fit its dimensions`);
  return Object.fromEntries(
    parts.map(({ id, values }, position) => {
      const value = values[Number(indices[position])];
      if (value === undefined) throw unreadable(`the key "${key.slice(0, 40)}" points at no value of ${id}`);
      return [id, value];
    }),
  );
};

const components = (list: unknown): Component[] =>
  asList(list ?? []).map((item) => {
    const { id, values } = asRecord(item, 'a dimension is no object');
    return {
      id: asText(id),
      values: asList(values).map((value) =>
        value === null ? '' : asText(asRecord(value, 'a value is no object').id ?? ''),
      ),
    };
  });
