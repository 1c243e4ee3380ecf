import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

export interface WorkbookParts {
  /** Inside `<sheetData>`, by the sheets' names. */
  readonly sheets: Readonly<Record<string, string>>;
  readonly date1904?: boolean;
  readonly styles?: string;
  readonly sharedStrings?: string;
}

/** A minimal workbook of these parts, written by hand as other programs might. */
export const workbook = ({ sheets, date1904, styles, sharedStrings }: WorkbookParts): Promise<Buffer<ArrayBuffer>> => {
  const names = Object.keys(sheets);
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': `<Relationships><Relationship Id="a" Type="${relationships}/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relationships}"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets>${names
      .map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="r${index}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${names
      .map(
        (_, index) =>
          `<Relationship Id="r${index}" Type="${relationships}/worksheet" Target="worksheets/s${index}.xml"/>`,
      )
      .join(
        '',
      )}<Relationship Id="s" Type="${relationships}/styles" Target="styles.xml"/><Relationship Id="t" Type="${relationships}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
  };
  names.forEach((name, index) => {
    parts[`xl/worksheets/s${index}.xml`] =
      `<worksheet xmlns="${main}"><sheetData>${sheets[name]}</sheetData></worksheet>`;
  });
  if (styles !== undefined) parts['xl/styles.xml'] = `<styleSheet xmlns="${main}">${styles}</styleSheet>`;
  if (sharedStrings !== undefined) parts['xl/sharedStrings.xml'] = `<sst xmlns="${main}">${sharedStrings}</sst>`;
  return zip(parts);
};

export const zip = async (parts: Readonly<Record<string, string | Buffer>>): Promise<Buffer<ArrayBuffer>> => {
  const archive = new ZipFile();
  for (const [name, content] of Object.entries(parts)) archive.addBuffer(Buffer.from(content), name);
  archive.end();
  return Buffer.from(await buffer(archive.outputStream));
};
