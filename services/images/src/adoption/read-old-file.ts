import { readFile, realpath } from 'node:fs/promises';
import { basename, resolve, sep } from 'node:path';
import { detectFormat } from '../picture/image-format.ts';
import { decodeBase64 } from '../uploads/decode-base64.ts';

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(String(error.code));

/** A path of a database leads nowhere but into the folder that was named. */
const within = async (folder: string, path: string): Promise<string | undefined> => {
  const root = await realpath(folder);
  const file = await realpath(resolve(root, path)).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  return file?.startsWith(root + sep) ? file : undefined;
};

/**
 * The bytes of a picture of the old system: base64 text at a path relative to where it was started, or, where the folder of files itself was
 * named, at its last part. @returns undefined where there is no such file
 */
export const readOldFile = async (folder: string, path: string): Promise<Buffer | undefined> => {
  const file = (await within(folder, path)) ?? (await within(folder, basename(path)));
  if (file === undefined) return undefined;
  const content = await readFile(file).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (content === undefined || detectFormat(content) !== undefined) return content;
  // Written with Python's `str(bytes)`, it has the quotes of its literal around it.
  const text = content
    .toString('latin1')
    .trim()
    .replace(/^b'(.*)'$/s, '$1');
  return decodeBase64(text);
};
