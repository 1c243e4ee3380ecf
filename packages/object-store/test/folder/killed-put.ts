/** A process that dies in the middle of a put: argument 1 is the folder. */
import { Readable } from 'node:stream';
import { openObjectStore } from '../../src/index.ts';

const store = await openObjectStore(`file:${process.argv[2]}`);
await store.put('a.csv', Buffer.from('older'));
async function* chunks() {
  yield Buffer.alloc(1_000_000);
  yield Buffer.alloc(1_000_000);
  process.kill(process.pid, 'SIGKILL');
}
await store.put('a.csv', Readable.from(chunks()));
