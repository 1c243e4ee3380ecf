/**
 * How a key becomes a path, and back.
 *
 * A key's segments are folders and a file of the same names: `wine/production/processing_date=2025-05-09/run.parquet`
 * is that very path, for every tool that reads Hive partitions. Where a file system cannot have that:
 *
 * - S3 lets `a` and `a/b` exist side by side, a folder cannot. So a name with a dot is a file's and a name without one is
 *   a folder's; used the other way round it gets the mark `%` at its end: `a` is stored as `a%`, `v1.2/b.json` as
 *   `v1.2%/b.json`. The path depends on the key alone, never on what else is stored, so nothing can race.
 * - Bytes that some file system refuses or rewrites are `%XX`: `%` itself, `"*:<>?|`, a final dot or space, and everything
 *   outside ASCII (file systems that normalise Unicode would make one file of both forms of "é").
 * - A name over 240 bytes continues in folders: all but its last piece end with `%-`.
 *
 * No key leads to a name with `%` before anything else, so names like `.%temporary` are free for the store itself.
 */
const MAXIMUM_NAME = 240;
const CONTINUES = '%-';
const MARK = '%';

export type EntryKind = 'file' | 'folder';

/** @param key - valid according to `validateKey`. @returns the names of the folders and, last, of the file. */
export function pathOfKey(key: string): string[] {
  const segments = key.split('/');
  return segments.flatMap((segment, index) =>
    encodeSegment(segment, index === segments.length - 1 ? 'file' : 'folder'),
  );
}

/** @returns the names under which a segment is kept; more than one when it is long. */
export function encodeSegment(segment: string, kind: EntryKind): string[] {
  let rest = escapeSegment(segment);
  const names: string[] = [];
  for (; rest.length > MAXIMUM_NAME; rest = rest.slice(MAXIMUM_NAME)) {
    names.push(rest.slice(0, MAXIMUM_NAME) + CONTINUES);
  }
  const natural = segment.includes('.') ? 'file' : 'folder';
  names.push(kind === natural ? rest : rest + MARK);
  return names;
}

/** @returns the part of a long name, still escaped, that a folder stands for; undefined for any other name. */
export function continuedPart(name: string): string | undefined {
  return name.endsWith(CONTINUES) ? name.slice(0, -CONTINUES.length) : undefined;
}

/**
 * @param before - the parts of a long name that the folders above stand for, joined.
 * @returns the segment, or undefined for a name that this store never writes: somebody else's file.
 */
export function decodeSegment(before: string, name: string, kind: EntryKind): string | undefined {
  const escaped = before + (name.endsWith(MARK) ? name.slice(0, -MARK.length) : name);
  const segment = unescapeSegment(escaped);
  if (segment === undefined || segment === '') return undefined;
  const [...names] = encodeSegment(segment, kind);
  return escapeSegment(segment) === escaped && names.at(-1) === name ? segment : undefined;
}

function escapeSegment(segment: string): string {
  let escaped = '';
  for (const byte of Buffer.from(segment)) {
    const plain = byte < 0x80 && !'%"*:<>?|'.includes(String.fromCharCode(byte));
    escaped += plain ? String.fromCharCode(byte) : hexadecimal(byte);
  }
  return escaped.replace(/[. ]$/, (last) => hexadecimal(last.charCodeAt(0)));
}

function hexadecimal(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function unescapeSegment(escaped: string): string | undefined {
  try {
    return decodeURIComponent(escaped);
  } catch {
    // Not UTF-8, or a percent sign without digits: not a name of ours.
    return undefined;
  }
}
