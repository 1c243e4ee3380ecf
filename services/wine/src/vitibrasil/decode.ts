import { unusable } from './unusable.ts';
import type { Warnings } from './warnings.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const windows1252 = new TextDecoder('windows-1252');
/** Control characters that no text file has. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const binary = /[\u0000-\u0008\u000e-\u001f]/;

const decodeBytes = (bytes: Uint8Array, warnings: Warnings) => {
  try {
    return utf8.decode(bytes);
  } catch {
    warnings.add('not_utf8', 1, 1, 'The file is not UTF-8; it was read as Windows-1252.');
    return windows1252.decode(bytes);
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
