import { SaxesParser, type SaxesTagNS } from 'saxes';
import { type Collector, createCollector, type Observation } from './observation.ts';
import { eurofxrefReader } from './read-eurofxref-xml.ts';
import { sdmxGenericReader } from './read-sdmx-generic.ts';
import { sdmxStructureSpecificReader } from './read-sdmx-structure-specific.ts';
import { unreadable } from './unreadable.ts';

/** Follows the elements of one document. Names are local: prefixes are the sender's choice. */
export interface ElementReader {
  open(name: string, attribute: (name: string) => string | undefined, tag: SaxesTagNS): void;
  close(name: string): void;
}

const readers: Record<string, (collector: Collector) => ElementReader> = {
  GenericData: sdmxGenericReader,
  GenericTimeSeriesData: sdmxGenericReader,
  StructureSpecificData: sdmxStructureSpecificReader,
  StructureSpecificTimeSeriesData: sdmxStructureSpecificReader,
  Envelope: eurofxrefReader,
};

/**
 * Reads SDMX-ML or eurofxref XML, told apart by the root element. The document must be well-formed to its end; a document type is
 * refused, so no entities but XML's own five are ever expanded.
 *
 * @throws ServiceError 502 `pricing.unreadable_rates`
 */
export const readXml = (text: string): Observation[] => {
  const collector = createCollector();
  const parser = new SaxesParser({ xmlns: true });
  let reader: ElementReader | undefined;
  parser.on('doctype', () => {
    throw unreadable('it has a document type');
  });
  parser.on('error', (error) => {
    throw unreadable(`it is not whole XML (${error.message})`, error);
  });
  parser.on('opentag', (tag) => {
    reader ??= readerFor(tag, collector);
    reader.open(tag.local, (name) => tag.attributes[name]?.value, tag);
  });
  parser.on('closetag', (tag) => reader?.close(tag.local));
  parser.write(text).close();
  if (reader === undefined) throw unreadable('it is XML without an element');
  return collector.finish();
};

const readerFor = (root: SaxesTagNS, collector: Collector) => {
  const create = readers[root.local];
  if (create === undefined) throw unreadable(`it is XML with "${root.local.slice(0, 40)}" instead of rates`);
  return create(collector);
};
