import { open } from 'node:fs/promises';
import type { UploadFormat } from '@vindima/contracts';
import { unreadable, wrongType } from './refuse.ts';

/** What the content of a file is, and what its name says it is. */
export type Family = 'text' | 'json' | 'excel' | 'parquet' | 'avro';

const families: Readonly<Record<string, Family>> = {
  csv: 'text',
  tsv: 'text',
  tab: 'text',
  psv: 'text',
  json: 'json',
  ndjson: 'json',
  jsonl: 'json',
  geojson: 'json',
  xlsx: 'excel',
  xlsm: 'excel',
  xltx: 'excel',
  xltm: 'excel',
  xls: 'excel',
  xlsb: 'excel',
  ods: 'excel',
  parquet: 'parquet',
  parq: 'parquet',
  pq: 'parquet',
  avro: 'avro',
};

/** What a file's name says, if its ending is one that we know; `.gz` behind it is left out. */
export const claimedFamily = (filename: string): Family | undefined =>
  families[/\.([a-z0-9]+)$/i.exec(filename.replace(/\.gz$/i, ''))?.[1]?.toLowerCase() ?? ''];

/** What a caller says. */
export const familyOfFormat = (format: UploadFormat): Family =>
  format === 'csv' ? 'text' : format === 'ndjson' ? 'json' : format;

export const isGzip = async (path: string): Promise<boolean> =>
  (await firstBytes(path)).subarray(0, 2).toString('hex') === '1f8b';

/**
 * Decides by content what a file is. Text that begins like JSON is JSON, unless its name says otherwise.
 * @throws 415 for content that we do not read, saying what it is; 422 `datasets.empty`, `datasets.encrypted`
 */
export const detectFamily = async (path: string, claimed: Family | undefined): Promise<Family> => {
  const bytes = await firstBytes(path);
  if (bytes.length === 0) throw unreadable('empty', 'The file is empty.');
  const family = await byContent(path, bytes, claimed);
  if (claimed === undefined || family === claimed) return family;
  throw wrongType('wrong_type', `The file says that it is ${titles[claimed]}, but it is ${titles[family]}.`, {
    says: claimed,
    is: family,
  });
};

const titles: Record<Family, string> = {
  text: 'a text table',
  json: 'JSON',
  excel: 'an Excel workbook',
  parquet: 'Parquet',
  avro: 'Avro',
};

const byContent = async (path: string, bytes: Buffer, claimed: Family | undefined): Promise<Family> => {
  const head = bytes.toString('latin1');
  if (head.startsWith('PAR1')) return 'parquet';
  if (head.startsWith('PARE')) throw unreadable('encrypted', 'The Parquet file is encrypted; upload it decrypted.');
  if (head.startsWith('Obj\u0001')) return 'avro';
  if (head.startsWith('PK\u0003\u0004')) {
    if (head.includes('mimetypeapplication/vnd.oasis.opendocument')) {
      throw wrongType('open_document', 'OpenDocument spreadsheets (.ods) are not read; save it as .xlsx.');
    }
    return 'excel';
  }
  if (bytes.subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1') throw await compoundFile(path);
  if (/^09(00|02|04|08)(04|06|08|10)00/.test(bytes.subarray(0, 4).toString('hex'))) throw oldWorkbook();
  const known = signatures.find(([signature]) => head.startsWith(signature));
  if (known) throw wrongType('not_a_table', `The file is ${known[1]}, not a table.`);
  if (claimed === 'parquet' || claimed === 'avro' || claimed === 'excel') {
    throw wrongType('wrong_type', `The file says that it is ${titles[claimed]}, but its content is not.`, {
      says: claimed,
    });
  }
  if (claimed === 'text' || claimed === 'json') return claimed;
  return /^[[{]/.test(beginning(bytes)) ? 'json' : 'text';
};

const signatures: readonly (readonly [string, string])[] = [
  ['%PDF-', 'a PDF document'],
  ['\u0089PNG', 'an image'],
  ['\u00ff\u00d8\u00ff', 'an image'],
  ['GIF8', 'an image'],
  ['SQLite format 3\u0000', 'a database'],
  ['\u007fELF', 'a program'],
  ['ARROW1\u0000\u0000', 'an Arrow file; upload it as Parquet'],
  ['(\u00b5/\u00fd', 'compressed with Zstandard; use gzip'],
  ['BZh', 'compressed with bzip2; use gzip'],
  ['\u00fd7zXZ', 'compressed with xz; use gzip'],
  ['Rar!', 'an archive'],
  ['7z\u00bc\u00af', 'an archive'],
];

const oldWorkbook = () => wrongType('old_workbook', 'Excel 97-2003 workbooks (.xls) are not read; save it as .xlsx.');

/** OLE compound files are old workbooks, or new ones behind a password. */
const compoundFile = async (path: string) => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2 ** 20), 0, 2 ** 20, 0);
    const content = buffer.subarray(0, bytesRead);
    if (content.includes(Buffer.from('EncryptedPackage', 'utf16le'))) {
      return unreadable('encrypted', 'The workbook is protected with a password; remove it and upload it again.');
    }
    return oldWorkbook();
  } finally {
    await file.close();
  }
};

/** The first characters that are no white space, whatever the encoding. */
const beginning = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replace(/^(\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, '')
    .replaceAll('\0', '')
    .trimStart();

const firstBytes = async (path: string): Promise<Buffer> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};
