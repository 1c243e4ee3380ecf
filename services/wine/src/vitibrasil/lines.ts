import type { Warnings } from './warnings.ts';

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly cells: readonly string[];
}

export type Delimiter = ';' | '\t' | ',';

export interface Lines {
  readonly lines: readonly Line[];
  readonly delimiter: Delimiter;
  readonly endsWithNewline: boolean;
}

/** Splits a line that has quotes. The site never writes them; a spreadsheet does. @returns undefined if they do not pair up */
const splitQuoted = (text: string, delimiter: string): string[] | undefined => {
  const cells: string[] = [];
  let position = 0;
  for (;;) {
    if (text[position] === '"') {
      let cell = '';
      for (;;) {
        const end = text.indexOf('"', position + 1);
        if (end === -1) return undefined;
        cell += text.slice(position + 1, end);
        position = end + 1;
        if (text[position] !== '"') break;
        cell += '"';
      }
      if (position < text.length && text[position] !== delimiter) return undefined;
      cells.push(cell);
    } else {
      const end = text.indexOf(delimiter, position);
      cells.push(text.slice(position, end === -1 ? undefined : end));
      position = end === -1 ? text.length : end;
    }
    if (position >= text.length) return cells;
    position += 1;
  }
};

/** How often a character is in a text. */
const count = (text: string, character: string) => text.split(character).length - 1;

const delimiterOf = (header: string): Delimiter => {
  const [tabs, semicolons] = [count(header, '\t'), count(header, ';')];
  if (tabs === 0 && semicolons === 0 && count(header, ',') >= 2) return ',';
  return tabs > semicolons ? '\t' : ';';
};

/**
 * Splits a text into lines and cells. The delimiter differs from file to file and from one vintage to the next: it is the one
 * that the first line has more of. Names hold commas, so a comma is one only in copies whose header has nothing else.
 */
export const splitLines = (text: string, warnings: Warnings): Lines => {
  const endsWithNewline = text.endsWith('\n');
  const texts = (endsWithNewline ? text.slice(0, -1) : text).split('\n');
  const first = texts.find((line) => line.trim() !== '') ?? '';
  const delimiter = delimiterOf(first);
  const blank = delimiter === '\t' ? /^\s*$/ : /^[;,\s]*$/;
  if (delimiter === ',') {
    warnings.add(
      'comma_delimited',
      texts.indexOf(first) + 1,
      1,
      'The cells are apart by commas, as the site never has them.',
    );
  }
  const lines: Line[] = [];
  for (const [index, line] of texts.entries()) {
    const number = index + 1;
    if (blank.test(line)) {
      warnings.add('blank_line', number, 1, 'The line has nothing in it and was left out.');
      continue;
    }
    const quoted = line.includes('"') ? splitQuoted(line, delimiter) : undefined;
    if (quoted !== undefined) {
      const column = quoted.findIndex((_, cell) => line.split(delimiter)[cell]?.startsWith('"')) + 1;
      warnings.add('quoted_cells', number, Math.max(column, 1), 'Quotation marks around cells were taken off.');
    }
    lines.push({ number, cells: quoted ?? line.split(delimiter) });
  }
  return { lines, delimiter, endsWithNewline };
};
