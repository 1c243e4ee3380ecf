import { ServiceError } from '@vindima/contracts';
import { type ImportedModel, importers } from './importers.ts';

/**
 * Turns an uploaded file, whatever its format, into an ONNX model.
 *
 * @throws ServiceError 422 `inference.not_a_model`, or what the format's importer says
 */
export const importModel = async (bytes: Uint8Array, name: string): Promise<ImportedModel> => {
  if (bytes.length === 0) throw new ServiceError(422, 'inference.not_a_model', 'The file is empty.');
  for (const read of importers) {
    const imported = await read(bytes, name);
    if (imported !== undefined) return imported;
  }
  throw new ServiceError(422, 'inference.not_a_model', 'The file is of no format that is known here.');
};
