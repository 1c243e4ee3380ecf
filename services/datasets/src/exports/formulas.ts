import { literal } from '../engine/sql.ts';

// What a spreadsheet would run: anything behind = or @, and behind + or - what calls a function, another program (|) or sheet
// (!), or names a cell. Numbers, telephone numbers and dashes are none of these.
const call = String.raw`^[\t\r\n ]*(=|@.|[-+].*([(|!]|\b[A-Za-z]{1,3}\$?[0-9]+\b))`;
const digits = '^[-+][0-9 ()./-]*$';

/** SQL: whether a spreadsheet that opens a CSV file would run a text. */
export const runsAsFormula = (text: string): string =>
  `(${text} >= chr(9) AND ${text} < 'A' AND regexp_matches(${text}, ${literal(call)}, 's') AND NOT regexp_matches(${text}, ${literal(digits)}))`;

/** The same of a name. */
export const isFormula = (text: string): boolean => new RegExp(call, 's').test(text) && !new RegExp(digits).test(text);

/** SQL: whether a text has an apostrophe before what would run, as we write it. */
export const isEscapedFormula = (text: string): string =>
  `(left(${text}, 1) = '''' AND ${runsAsFormula(`substr(${text}, 2)`)})`;
