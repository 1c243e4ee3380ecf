import type { Job } from '@vindima/contracts';
import { type Door, doorOfKey, doorOfUser } from './door.ts';

/** Files that are given to the platform. */
export interface Belongings {
  readonly pictures: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  readonly onnx: Uint8Array;
  readonly pickle: { readonly name: string; readonly bytes: Uint8Array };
}

const people = `name,age,email,joined
Ana,34,ana@example.org,2024-02-29
Bia,,bia@example.org,2025-01-15
Ana,34,ana@example.org,2024-02-29
Rui,210,not an address,2026-11-01
Inês,29,ines@example.org,2023-07-07
`;
const flowers = `SepalLengthCm,SepalWidthCm,PetalLengthCm,PetalWidthCm
5.1,3.5,1.4,0.2
5.9,3.0,4.2,1.5
6.5,3.0,5.8,2.2
`;
const [setosa, virginica] = [
  { SepalLengthCm: 5.1, SepalWidthCm: 3.5, PetalLengthCm: 1.4, PetalWidthCm: 0.2 },
  { SepalLengthCm: 6.7, SepalWidthCm: 3.3, PetalLengthCm: 5.7, PetalWidthCm: 2.5 },
];
const patienceMs = 120_000;

/** Waits until no job is at work and every series of wine is a table. */
export const settle = async (admin: Door): Promise<void> => {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; ) {
    const { items: jobs } = await admin.ask<{ items: Job[] }>('/jobs?limit=200');
    const { items: tables } = await admin.ask<{ items: unknown[] }>('/datasets?limit=200');
    if (tables.length >= 15 && jobs.length > 0 && jobs.every(({ finished_at: at }) => at !== null)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('the platform did not come to rest');
};

/**
 * Uses everything that the platform has, as its people would: what is made here is what later releases must find.
 *
 * @returns passwords and keys, by name
 */
export const live = async (url: string, adminPassword: string, { pictures, onnx, pickle }: Belongings) => {
  const admin = await doorOfUser(url, 'admin', adminPassword);
  const passwords: Record<string, string> = { admin: adminPassword };
  for (const [username, role] of [
    ['ana', 'editor'],
    ['bia', 'viewer'],
    ['gil', 'viewer'],
  ] as const) {
    passwords[username] = `the password of ${username}`;
    const { id } = await admin.ask('/users', { username, role, password: passwords[username] });
    if (username === 'gil') await admin.ask(`/users/${id}`, { disabled: true }, 'PATCH');
  }
  const keys: Record<string, string> = {};
  for (const [name, scopes] of [
    ['notebook', ['wine:read', 'datasets:read']],
    ['loader', ['*:write']],
    ['lost', ['*:read']],
  ] as const) {
    const { id, key } = await admin.ask('/keys', { name, scopes });
    keys[name] = String(key);
    if (name === 'lost') await admin.fetch(`/keys/${id}`, { method: 'DELETE' });
  }
  await settle(admin);
  const ana = await doorOfUser(url, 'ana', passwords.ana ?? '');
  const loader = doorOfKey(url, 'loader', keys.loader ?? '');

  const table = await ana.send<{ file_id: string }>('/api/upload', { name: 'people.csv', bytes: people });
  const gone = await ana.send<{ file_id: string }>('/api/upload', { name: 'gone.csv', bytes: 'a,b\n1,2\n' });
  await ana.fetch(`/datasets/${gone.file_id}`, { method: 'DELETE' });
  const clean = [{ type: 'clean', params: { remove_duplicates: true, handle_missing: 'drop' } }];
  await ana.ask('/api/process', { file_id: table.file_id, operations: clean });
  await ana.ask('/api/process', { file_id: table.file_id, operations: clean, async: true });
  await ana.ask('/api/validate', { file_id: table.file_id, schema: { age: { type: 'integer', max: 150 } } });
  await loader.ask(`/datasets/${table.file_id}/export`, undefined, 'POST');

  const ids: number[] = [];
  for (const picture of pictures) ids.push((await ana.send<{ id: number }>('/images?min_confidence=30', picture)).id);
  await ana.fetch(`/images/${ids.at(-1)}`, { method: 'DELETE' });

  await ana.ask('/model/load/', {});
  await ana.ask('/model/classify/', setosa);
  for (const description of ['the first', 'the second']) {
    const metadata = JSON.stringify({ description, feature_names: Object.keys(setosa ?? {}) });
    const fields = { name: 'cellar', metadata, promote: 'true' };
    await ana.send(
      '/models',
      { name: 'cellar.onnx', bytes: description === 'the first' ? onnx : renamed(onnx) },
      fields,
    );
  }
  await ana.ask('/models/cellar/rollback', {});
  await ana.ask('/models/cellar/classify', { rows: [setosa, virginica] });
  await ana.send('/models', pickle, { name: 'forest' });
  const rows = await loader.send<{ file_id: string }>('/api/upload', { name: 'flowers.csv', bytes: flowers });
  const { key } = await ana.ask(`/datasets/${rows.file_id}/export`, undefined, 'POST');
  await ana.ask('/predictions', { model: 'cellar', object_key: key });

  await ana.ask('/pricing/runs', { categories: ['Shoes'], currencies: ['EUR', 'JPY'] });
  await loader.ask('/commands/wine/ingest', { series: ['production'], force: true });
  await loader.ask('/commands/inference/classify', { model: 'nobody', input: setosa });
  await settle(admin);
  return { passwords, keys };
};

/** Another file of the same model: its last bytes are a description, in a field that readers pass over. */
const renamed = (onnx: Uint8Array): Uint8Array => {
  const description = Buffer.from('again');
  return Buffer.concat([onnx, Buffer.from([0x32, description.length]), description]);
};
