import type { Receipt } from '../bus.ts';
import type { Storage } from './storage.ts';

/** @returns whether the file has what it acknowledged; undefined when the message was done with */
export const stillHas = (storage: Storage, { incarnation, sequence }: Receipt, id: string): boolean | undefined => {
  // While a process lives, what it has committed is there.
  if (incarnation === storage.incarnation) return true;
  const [file] = incarnation.split('/');
  if (storage.incarnation.split('/')[0] !== file) return false;
  const row = storage.statement('SELECT id FROM messages WHERE sequence = ?').get(sequence);
  if (row !== undefined) return row.id === id;
  const end = storage.statement(`SELECT seq FROM sqlite_sequence WHERE name = 'messages'`).get()?.seq;
  return Number(end ?? 0) < sequence ? false : undefined;
};
