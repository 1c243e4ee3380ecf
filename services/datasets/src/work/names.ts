import type { DownloadFormat } from '@vindima/contracts';
import { publicPlace } from '@vindima/service-kit';

/** Endings of files by format. */
export const extensions: Record<DownloadFormat, string> = {
  csv: 'csv',
  json: 'json',
  ndjson: 'ndjson',
  excel: 'xlsx',
  parquet: 'parquet',
  avro: 'avro',
  arrow: 'arrow',
};

export const contentTypes: Record<DownloadFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson',
  excel: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
  avro: 'application/avro',
  arrow: 'application/vnd.apache.arrow.file',
};

/** `sales.csv.gz` -> `sales-processed.parquet` */
export const derivedName = (filename: string, suffix: string, extension: string): string => {
  const base = filename.replace(/\.gz$/i, '').replace(/\.[A-Za-z0-9]{1,8}$/, '');
  return `${(base || 'data').slice(0, 200)}${suffix === '' ? '' : `-${suffix}`}.${extension}`;
};

export const downloadUrl = (publicUrl: string | undefined, id: string, format: DownloadFormat): string =>
  `${publicPlace(publicUrl).url}/api/download/${id}?format=${format}`;

/** The name of an uploaded file without folders and control characters, at most 255 characters; it is shown, never a path. */
export const displayName = (name: string | undefined): string => {
  const last = (name ?? '').replaceAll('\\', '/').split('/').at(-1) ?? '';
  const clean = last
    .replace(/\p{Cc}/gu, '')
    .toWellFormed()
    .trim();
  return Array.from(clean).slice(-255).join('') || 'data';
};
