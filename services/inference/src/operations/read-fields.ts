import {
  InferenceBatching,
  InferenceGolden,
  InferenceModelMetadata,
  ModelName,
  ServiceError,
} from '@vindima/contracts';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

type Fields = Readonly<Record<string, string>>;

/** What the fields beside an uploaded file say. */
export interface UploadFields {
  readonly name: string;
  readonly metadata: InferenceModelMetadata;
  readonly golden: InferenceGolden | null;
  readonly batching: InferenceBatching | undefined;
  readonly promote: boolean;
}

/** @throws ServiceError 400 `inference.invalid_field`, naming the field */
export const readFields = (fields: Fields, fileName: string, defaults: InferenceBatching): UploadFields => {
  const name: string = fields.name ?? nameOf(fileName);
  const isName: boolean = Value.Check(ModelName, name);
  if (!isName) throw invalidField('name', `"${name.slice(0, 100)}" cannot be the name of a model`);
  if (reserved.has(name)) throw invalidField('name', `"${name}" is a name of the protocol's own`);
  return {
    name,
    metadata: readJson(fields, 'metadata', InferenceModelMetadata) ?? {},
    golden: readJson(fields, 'golden', InferenceGolden) ?? null,
    batching: readBatching(fields, defaults),
    promote: /^(true|1|yes)$/i.test(fields.promote ?? ''),
  };
};

/** `/v2/models/stats` tells of all models. */
const reserved: ReadonlySet<string> = new Set(['stats']);

/** `/tmp/My model.onnx` is the model `My-model`. */
const nameOf = (fileName: string): string =>
  (fileName.split(/[\\/]/).at(-1) ?? '')
    .replace(/\.(onnx|pkl|pickle|joblib)(\.\w+)?$/i, '')
    .replace(/[^a-zA-Z0-9._-]+/g, '-')
    .replace(/^[^a-zA-Z0-9]+/, '')
    .slice(0, 100) || 'model';

const readBatching = (fields: Fields, defaults: InferenceBatching): InferenceBatching | undefined => {
  const { max_batch: batch, max_wait_ms: wait } = fields;
  if (batch === undefined && wait === undefined) return undefined;
  const batching = {
    max_batch: batch === undefined ? defaults.max_batch : Number(batch),
    max_wait_ms: wait === undefined ? defaults.max_wait_ms : Number(wait),
  };
  if (!Value.Check(InferenceBatching, batching)) {
    throw invalidField('max_batch or max_wait_ms', 'max_batch is 1 to 4096 rows, max_wait_ms 0 to 1000 milliseconds');
  }
  return batching;
};

const readJson = <Schema extends TSchema>(
  fields: Fields,
  field: string,
  schema: Schema,
): Static<Schema> | undefined => {
  const text = fields[field];
  if (text === undefined || text === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidField(field, 'it is not JSON');
  }
  if (Value.Check(schema, value)) return value;
  const [problem] = Value.Errors(schema, value);
  throw invalidField(field, `${problem?.instancePath ?? ''} ${problem?.message ?? 'it is not valid'}`.trim());
};

const invalidField = (field: string, reason: string) =>
  new ServiceError(400, 'inference.invalid_field', `The field ${field} is not valid: ${reason}.`, {
    details: { field },
  });
