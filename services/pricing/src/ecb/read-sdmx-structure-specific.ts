import type { SaxesTagNS } from 'saxes';
import type { Collector } from './observation.ts';
import { addObservation } from './read-sdmx-generic.ts';
import type { ElementReader } from './read-xml.ts';

/** SDMX-ML 2.1 structure-specific data: `Series` and `Obs` with an XML attribute per dimension and attribute. */
export const sdmxStructureSpecificReader = (collector: Collector): ElementReader => {
  let series: Record<string, string> = {};
  return {
    open(name, _attribute, tag) {
      if (name === 'Series') series = valuesOf(tag);
      else if (name === 'Obs') addObservation(collector, { ...series, ...valuesOf(tag) });
    },
    close(name) {
      if (name === 'Series') series = {};
    },
  };
};

const valuesOf = ({ attributes }: SaxesTagNS) =>
  Object.fromEntries(Object.values(attributes).map(({ local, value }) => [local, value]));
