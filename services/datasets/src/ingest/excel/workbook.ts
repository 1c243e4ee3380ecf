import { posix } from 'node:path';
import { unreadable, wrongType } from '../refuse.ts';
import type { Package } from './package.ts';
import { readXml } from './xml.ts';

export interface Sheet {
  readonly name: string;
  readonly part: string;
}

export interface Workbook {
  readonly sheets: readonly Sheet[];
  /** Days are counted from 1904 instead of 1900 (an option of old Macintosh files). */
  readonly date1904: boolean;
  readonly sharedStrings: string | undefined;
  readonly styles: string | undefined;
}

interface Relationship {
  readonly id: string;
  readonly type: string;
  readonly target: string;
}

/** Finds the parts of a workbook by their relationships, transitional and strict (ECMA-376 part 1, 12.3). */
export const readWorkbook = async (archive: Package): Promise<Workbook> => {
  if (!archive.has('[Content_Types].xml')) {
    throw wrongType('not_a_workbook', 'The file is a ZIP archive, but no Excel workbook.');
  }
  const root = await relationships(archive, '');
  const main = root.find(({ type }) => type.endsWith('/officeDocument'))?.target ?? 'xl/workbook.xml';
  if (main.toLowerCase().endsWith('.bin') || archive.has('xl/workbook.bin')) {
    throw wrongType('binary_workbook', 'Binary workbooks (.xlsb) are not read; save it as .xlsx.');
  }
  if (!archive.has(main)) throw wrongType('not_a_workbook', 'The file is an Office document, but no Excel workbook.');
  const related = await relationships(archive, main);
  const target = (kind: string) => related.find(({ type }) => type.endsWith(`/${kind}`))?.target;
  const targets = new Map(related.map(({ id, target, type }) => [id, { target, type }]));

  const sheets: Sheet[] = [];
  let date1904 = false;
  let isWorkbook = false;
  await readXml(await archive.open(main), main, {
    open: (name, attributes) => {
      if (name === 'workbook') isWorkbook = true;
      if (name === 'workbookPr') date1904 = isTrue(attributes.date1904);
      if (name === 'sheet') {
        const found = targets.get(attributes.id ?? '');
        // Charts and dialogs are sheets too, but hold no cells.
        if (found?.type.endsWith('/worksheet')) {
          sheets.push({ name: attributes.name ?? `Sheet ${sheets.length + 1}`, part: found.target });
        }
      }
    },
  });
  if (!isWorkbook) throw wrongType('not_a_workbook', 'The file is an Office document, but no Excel workbook.');
  if (sheets.length === 0) throw unreadable('no_sheets', 'The workbook has no worksheet.');
  return { sheets, date1904, sharedStrings: target('sharedStrings'), styles: target('styles') };
};

const isTrue = (value: string | undefined) => value === '1' || value === 'true' || value === 'on';

const relationships = async (archive: Package, part: string): Promise<Relationship[]> => {
  const folder = posix.dirname(part);
  const path = posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
  if (!archive.has(path)) return [];
  const found: Relationship[] = [];
  await readXml(await archive.open(path), path, {
    open: (name, attributes) => {
      const target = attributes.Target;
      if (name !== 'Relationship' || target === undefined || attributes.TargetMode === 'External') return;
      found.push({
        id: attributes.Id ?? '',
        type: attributes.Type ?? '',
        target: target.startsWith('/') ? target.slice(1) : posix.join(folder, target.replaceAll('\\', '/')),
      });
    },
  });
  return found;
};
