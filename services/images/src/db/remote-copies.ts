import type { Kysely } from 'kysely';
import type { RemoteCopies } from '../tagging/imagga/remote-copies.ts';
import type { ImagesTables } from './tables.ts';

/** The list of copies on ImageKit that have to be removed, should the process die before it does. */
export const createRemoteCopies = (query: Kysely<ImagesTables>, clock: () => Date): RemoteCopies => ({
  async expect(name) {
    await query
      .insertInto('remote_copies')
      .values({ name, file_id: null, created_at: clock().toISOString() })
      .execute();
  },
  async uploaded(name, fileId) {
    await query.updateTable('remote_copies').set({ file_id: fileId }).where('name', '=', name).execute();
  },
  async gone(name) {
    await query.deleteFrom('remote_copies').where('name', '=', name).execute();
  },
  async olderThan(time) {
    const rows = await query
      .selectFrom('remote_copies')
      .select(['name', 'file_id'])
      .where('created_at', '<', time.toISOString())
      .orderBy('created_at')
      .limit(100)
      .execute();
    return rows.map(({ name, file_id }) => ({ name, ...(file_id === null ? {} : { fileId: file_id }) }));
  },
});
