import { Readable } from 'node:stream';

/** What a web server shows when it is being repaired. */
export const htmlPage = `<!DOCTYPE html>
<html lang="pt-BR"><head><meta charset="utf-8"><title>Sistema em manutenção</title></head>
<body><h1>Sistema em manutenção</h1><p>Tente novamente mais tarde.</p></body></html>
`;

/** 4096 bytes that are no text, the same each time. */
export const garbage = Buffer.from(
  Array.from({ length: 4096 }, (_, index) => (index * 7919 + (index >> 3) * 104729) % 256),
);

/** A gigabyte of table rows, for readers that do not bound what they read. */
export const endless = () => {
  const chunk = Buffer.from(`${'1;'.repeat(32767)}1\n`);
  return Readable.from(
    (function* () {
      for (let sent = 0; sent < 2 ** 30; sent += chunk.length) yield chunk;
    })(),
  );
};

/** Half of a body, after which the connection breaks. */
export const broken = (body: Buffer) =>
  Readable.from(
    (async function* () {
      yield body.subarray(0, Math.ceil(body.length / 2));
      // Long enough for the half to reach the reader: a stream that fails at once would send nothing.
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw new Error('cut on purpose');
    })(),
  );
