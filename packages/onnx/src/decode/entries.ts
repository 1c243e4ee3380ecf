import { readFields, type Scope } from './scope.ts';

/** Reads `StringStringEntryProto`: one key and its value. */
export function readEntry(scope: Scope): [key: string, value: string] {
  let key = '';
  let value = '';
  readFields(scope, (field) => {
    if (field.number === 1) key = field.text();
    else if (field.number === 2) value = field.text();
  });
  return [key, value];
}

/** Reads `OperatorSetIdProto`: a domain and the version of its operators. */
export function readOpset(scope: Scope): [domain: string, version: number] {
  let domain = '';
  let version = 0;
  readFields(scope, (field) => {
    if (field.number === 1) domain = field.text();
    else if (field.number === 2) version = Number(field.integer());
  });
  return [domain === 'ai.onnx' ? '' : domain, version];
}
