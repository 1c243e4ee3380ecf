import { open } from 'node:fs/promises';

const headBytes = 2 ** 18;
const tailBytes = 2 ** 16;

/** The beginning of a UTF-8 file up to the end of a line, and its end from the beginning of one. */
export const readSample = async (path: string): Promise<{ head: string; tail: string; whole: boolean }> => {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const read = async (length: number, from: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
      return buffer.subarray(0, bytesRead).toString('utf8');
    };
    const head = await read(Math.min(headBytes, size), 0);
    if (size <= headBytes) return { head, tail: head, whole: true };
    const tail = await read(tailBytes, size - tailBytes);
    return { head: head.slice(0, lastBreak(head)), tail: tail.slice(tail.search(/[\r\n]/) + 1), whole: false };
  } finally {
    await file.close();
  }
};

const lastBreak = (text: string): number => {
  const at = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
  return at === -1 ? text.length : at + 1;
};
