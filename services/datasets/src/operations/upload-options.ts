import { ServiceError, UploadOptions } from '@vindima/contracts';
import { Value } from 'typebox/value';

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  false: false,
  '0': false,
  no: false,
};

/**
 * Reads the decisions of an uploader from form fields or query parameters, which are text: truth values by their words,
 * `types` and `null_values` as JSON. Fields that we do not know are left alone, as forms send all sorts of them.
 * @throws 400 `datasets.wrong_option`
 */
export const readUploadOptions = (fields: Readonly<Record<string, unknown>>): UploadOptions => {
  const options: Record<string, unknown> = {};
  for (const name of Object.keys(UploadOptions.properties)) {
    const text = fields[name];
    if (typeof text !== 'string' || (text === '' && name !== 'quote')) continue;
    options[name] = read(name, text);
  }
  if (Value.Check(UploadOptions, options)) return options;
  const [problem] = Value.Errors(UploadOptions, options);
  const name = problem?.instancePath.split('/')[1] ?? '';
  throw wrongOption(name, problem?.message ?? 'is not known');
};

const read = (name: string, text: string): unknown => {
  if (name === 'header') return booleans[text.toLowerCase()] ?? text;
  // People write tabs in many ways.
  if (name === 'delimiter') return /^(\\t|tab)$/i.test(text) ? '\t' : text;
  if (name !== 'types' && name !== 'null_values') return text;
  try {
    return JSON.parse(text);
  } catch {
    throw wrongOption(name, 'must be JSON');
  }
};

const wrongOption = (name: string, message: string) =>
  new ServiceError(400, 'datasets.wrong_option', `The option ${name} ${message}.`, { details: { option: name } });
