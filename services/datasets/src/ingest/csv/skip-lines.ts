import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { readPieces } from '../read-pieces.ts';

const lineFeed = 10;

/** A copy of a file in `target` without its first lines; the file itself where there is nothing to leave out. */
export const withoutFirstLines = async (path: string, target: string, count: number): Promise<string> => {
  if (count === 0) return path;
  await pipeline(createReadStream(path, { start: await offsetOfLine(path, count) }), createWriteStream(target));
  return target;
};

/** The place behind so many line breaks; the end of the file where it has fewer. */
const offsetOfLine = async (path: string, count: number): Promise<number> => {
  let passed = 0;
  let left = count;
  for await (const piece of readPieces(path)) {
    for (let at = piece.indexOf(lineFeed); at !== -1; at = piece.indexOf(lineFeed, at + 1)) {
      left -= 1;
      if (left === 0) return passed + at + 1;
    }
    passed += piece.length;
  }
  return passed;
};
