import type { SelectedSeries } from './select.ts';
import type { Detail } from './write.ts';
import { writeCsvdata } from './write-csvdata.ts';
import { writeSdmxGeneric } from './write-sdmx-generic.ts';
import { writeSdmxJson } from './write-sdmx-json.ts';
import { writeSdmxStructureSpecific } from './write-sdmx-structure-specific.ts';

export interface Format {
  readonly contentType: string;
  readonly write: (selected: readonly SelectedSeries[], detail: Detail, now: Date) => string;
}

const csvdata: Format = { contentType: 'text/csv', write: writeCsvdata };
const jsondata: Format = { contentType: 'application/vnd.sdmx.data+json;version=1.0.0-wd', write: writeSdmxJson };
const genericdata: Format = {
  contentType: 'application/vnd.sdmx.genericdata+xml;version=2.1',
  write: writeSdmxGeneric,
};
const structurespecificdata: Format = {
  contentType: 'application/vnd.sdmx.structurespecificdata+xml;version=2.1',
  write: writeSdmxStructureSpecific,
};

const byName: Record<string, Format> = { csvdata, jsondata, genericdata, structurespecificdata };
const byMediaType: Record<string, Format> = {
  'text/csv': csvdata,
  'application/json': jsondata,
  'application/vnd.sdmx.data+json': jsondata,
  'application/xml': genericdata,
  'application/vnd.sdmx.genericdata+xml': genericdata,
  'application/vnd.sdmx.structurespecificdata+xml': structurespecificdata,
  '*/*': genericdata,
};

/** @returns the format that `format` or `Accept` asks for, generic XML without either; undefined where there is none such (406) */
export const chooseFormat = (name: string | undefined, accept: string | undefined): Format | undefined => {
  if (name !== undefined) return byName[name];
  const asked = (accept ?? '*/*').split(',').map((part) => part.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  return asked.map((mediaType) => byMediaType[mediaType]).find((format) => format !== undefined);
};
