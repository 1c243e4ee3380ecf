import { nearestName, ServiceError, UploadOptions } from '@vindima/contracts';
import { Value } from 'typebox/value';

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  false: false,
  '0': false,
  no: false,
};

const known: Readonly<Record<string, object>> = UploadOptions.properties;
const booleanOptions = ['header', 'unescape_formulas', 'allow_nan'];
const jsonOptions = ['types', 'null_values', 'true_values', 'false_values', 'columns', 'widths'];
const integerOptions = ['pivot_year', 'skip_rows', 'skip_footer', 'rows'];

/**
 * Reads the decisions of an uploader from form fields or query parameters, which are text: truth values by their words, lists
 * and tables as JSON.
 * @throws 400 `datasets.wrong_option`, also for an option that is not known
 */
export const readUploadOptions = (fields: Readonly<Record<string, unknown>>): UploadOptions => {
  const options: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(fields)) {
    if (!Object.hasOwn(known, name)) throw unknownOption(name);
    if (typeof text !== 'string' || (text === '' && !['quote', 'thousands', 'comment'].includes(name))) continue;
    options[name] = read(name, text);
  }
  return checkedOptions(options);
};

/** @throws 400 `datasets.wrong_option` */
export const checkedOptions = (options: Readonly<Record<string, unknown>>): UploadOptions => {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) throw unknownOption(unknown);
  if (Value.Check(UploadOptions, options)) return options;
  const [problem] = Value.Errors(UploadOptions, options);
  const name = problem?.instancePath.split('/')[1] ?? '';
  throw wrongOption(name, problem?.message ?? 'is not known');
};

const read = (name: string, text: string): unknown => {
  if (booleanOptions.includes(name)) return booleans[text.toLowerCase()] ?? text;
  // People write tabs in many ways.
  if (name === 'delimiter') return /^(\\t|tab)$/i.test(text) ? '\t' : text;
  if (integerOptions.includes(name)) return /^\d+$/.test(text) ? Number(text) : text;
  if (name === 'header_row') return /^\d+$/.test(text) ? Number(text) : text.startsWith('[') ? json(name, text) : text;
  if (name === 'date_format') return text.trimStart().startsWith('{') ? json(name, text) : text;
  return jsonOptions.includes(name) ? json(name, text) : text;
};

const json = (name: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw wrongOption(name, 'must be JSON');
  }
};

const wrongOption = (name: string, message: string) =>
  new ServiceError(400, 'datasets.wrong_option', `The option ${name} ${message}.`, { details: { option: name } });

const unknownOption = (name: string) => {
  const options = Object.keys(known);
  const near = nearestName(name, options);
  const hint = near === undefined ? `; known are ${options.join(', ')}.` : `; did you mean ${near}?`;
  return new ServiceError(400, 'datasets.wrong_option', `The option ${JSON.stringify(name)} is not known${hint}`, {
    details: { option: name, options },
  });
};
