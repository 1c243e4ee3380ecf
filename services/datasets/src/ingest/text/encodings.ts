import { ServiceError } from '@vindima/contracts';
import iconv from 'iconv-lite';

/** Decodes bytes, piece by piece. */
export interface Decoder {
  decode(bytes: Uint8Array): string;
  end(): string;
}

// Old encodings of DOS that the Encoding Standard leaves out.
const dos = ['cp437', 'cp850', 'cp852', 'cp858', 'cp855'];

/**
 * The name of an encoding by any label of the Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels). Two
 * labels mean what they say, not what browsers take them for: `latin-1` (also iso-8859-1) is ISO-8859-1.
 * @throws 400 `datasets.wrong_option`
 */
export const encodingNamed = (label: string): string => {
  const name = label.trim().toLowerCase();
  if (/^(latin-?1|iso-?8859-?1)$/.test(name)) return 'latin-1';
  const old = name.replace(/^(ibm|cp|dos)-?(\d+)$/, 'cp$2');
  if (dos.includes(old)) return old;
  if (/^(mac-?roman|x-mac-roman)$/.test(name)) return 'macintosh';
  if (name === 'cp949') return 'euc-kr';
  if (name === 'cp932') return 'shift_jis';
  try {
    return new TextDecoder(name).encoding;
  } catch {
    throw new ServiceError(
      400,
      'datasets.wrong_option',
      `The option encoding: ${JSON.stringify(label)} is no encoding that is known.`,
      {
        details: { option: 'encoding' },
      },
    );
  }
};

/** A decoder of a named encoding. With `strict`, bytes that mean nothing are a TypeError, else they become U+FFFD. */
export const decoderOf = (encoding: string, strict: boolean): Decoder => {
  if (encoding === 'latin-1') return { decode: (bytes) => Buffer.from(bytes).toString('latin1'), end: () => '' };
  if (dos.includes(encoding)) {
    const decoder = iconv.getDecoder(encoding);
    return { decode: (bytes) => decoder.write(Buffer.from(bytes)), end: () => decoder.end() ?? '' };
  }
  const decoder = new TextDecoder(encoding, { fatal: strict, ignoreBOM: true });
  return { decode: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
};

/** Decodes what is in memory; undefined where bytes mean nothing. */
export const decodeAll = (encoding: string, bytes: Uint8Array): string | undefined => {
  try {
    const decoder = decoderOf(encoding, true);
    const text = decoder.decode(bytes) + decoder.end();
    return text.includes('\ufffd') ? undefined : text;
  } catch {
    return undefined;
  }
};
