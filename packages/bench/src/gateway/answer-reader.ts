/** Says when the answer to the one request that is out on a connection has come whole. */
export interface AnswerReader {
  /** @returns the answer's status and the bytes of its body as sent, once it is complete */
  take(chunk: Buffer): { status: number; bytes: number } | undefined;
}

const endOfHead = '\r\n\r\n';
const endOfChunks = Buffer.from('0\r\n\r\n');

/**
 * Reads HTTP/1.1 answers with as little work as can be, so that the load costs little of the cores that it shares with what it
 * measures. It knows a length or chunks, and relies on nothing coming behind an answer.
 */
export const createAnswerReader = (): AnswerReader => {
  let head = '';
  let status = 0;
  let bytes = 0;
  /** Undefined for chunks. */
  let length: number | undefined;
  let tail: Buffer = Buffer.alloc(0);

  const body = (chunk: Buffer) => {
    bytes += chunk.length;
    if (length === undefined) tail = Buffer.concat([tail, chunk]).subarray(-endOfChunks.length);
    const complete = length === undefined ? tail.equals(endOfChunks) : bytes >= length;
    if (!complete) return undefined;
    const answer = { status, bytes };
    status = 0;
    bytes = 0;
    return answer;
  };

  return {
    take: (chunk) => {
      if (status !== 0) return body(chunk);
      const end = chunk.indexOf(endOfHead);
      if (end === -1) {
        head += chunk.toString('latin1');
        if (head.length > 65_536) throw new Error('a head without an end');
        return undefined;
      }
      head += chunk.toString('latin1', 0, end + endOfHead.length);
      status = Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3));
      const declared = /\r\ncontent-length: *(\d+)\r\n/i.exec(head)?.[1];
      length = declared === undefined ? undefined : Number(declared);
      head = '';
      return body(chunk.subarray(end + endOfHead.length));
    },
  };
};
