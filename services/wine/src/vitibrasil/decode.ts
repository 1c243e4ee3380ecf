import { unusable } from './unusable.ts';
import type { Warnings } from './warnings.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const windows1252 = new TextDecoder('windows-1252');
/** Control characters that no text file has. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const binary = /[\u0000-\u0008\u000e-\u001f]/;

/** `;`, tab, `,` and line feed: what stands between cells is the same byte in both encodings. */
const separators: ReadonlySet<number> = new Set([0x3b, 0x09, 0x2c, 0x0a]);

/** Decodes cell by cell: copies were pasted together of both encodings, even within a line. */
const decodeCells = (bytes: Uint8Array) => {
  let text = '';
  let start = 0;
  const found = { utf8: 0, windows1252: 0 };
  for (let end = 0; end <= bytes.length; end++) {
    if (end < bytes.length && !separators.has(bytes[end] ?? 0)) continue;
    const cell = bytes.subarray(start, end + 1);
    try {
      const decoded = utf8.decode(cell);
      if (decoded.length < cell.length) found.utf8 += 1;
      text += decoded;
    } catch {
      found.windows1252 += 1;
      text += windows1252.decode(cell);
    }
    start = end + 1;
  }
  return { text, ...found };
};

const decodeBytes = (bytes: Uint8Array, warnings: Warnings) => {
  try {
    return utf8.decode(bytes);
  } catch {
    const cells = decodeCells(bytes);
    if (cells.utf8 === 0) {
      warnings.add('not_utf8', 1, 1, 'The file is not UTF-8; it was read as Windows-1252.');
    } else {
      const message = `Cells are in two encodings; ${cells.windows1252} were read as Windows-1252, the others as UTF-8.`;
      warnings.add('mixed_encodings', 1, 1, message);
    }
    return cells.text;
  }
};

/**
 * Turns the bytes of a file into text with `\n` line ends and no byte order mark.
 *
 * @throws ServiceError `wine.unusable_file` for an empty file, a web page or something that is no text.
 */
export const decode = (file: string, bytes: Uint8Array, warnings: Warnings): string => {
  let text = decodeBytes(bytes, warnings);
  if (binary.test(text)) throw unusable(file, 'not_text', 'it is not text.');
  if (text.startsWith('\ufeff')) {
    warnings.add('byte_order_mark', 1, 1, 'The file begins with a byte order mark, which was left out.');
    text = text.slice(1);
  }
  const start = text.trimStart();
  if (start === '') throw unusable(file, 'empty', 'it is empty.');
  if (start.startsWith('<')) throw unusable(file, 'html_page', 'it is a web page, not a table.');
  if (text.includes('\r')) {
    const line = text.slice(0, text.indexOf('\r')).split('\n').length;
    warnings.add('line_ends', line, 1, 'The lines do not all end with a single line feed; read as if they did.');
    text = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  }
  return text;
};
