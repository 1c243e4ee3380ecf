import type { Job } from '@vindima/contracts';
import { type Door, doorOfKey, doorOfUser } from './door.ts';
import { digest, lasting, type Memory, type Recollection } from './recollection.ts';

interface Items<Item> {
  readonly items: readonly Item[];
}

/** Asks again what was asked of a release. */
export const answerOf = async (door: Door, path: string, body?: unknown): Promise<Recollection> => {
  const answer = await door.fetch(path, {
    ...(body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const question = { who: door.who, path, ...(body === undefined ? {} : { body }), status: answer.status };
  if (answer.headers.get('content-type')?.startsWith('application/json') && !path.includes('/api/download/')) {
    const json = (await answer.json()) as Record<string, unknown>;
    // What is made by asking has another id each time.
    if (body !== undefined) delete json.id;
    return { ...question, json: lasting(json) };
  }
  return { ...question, sha256: digest(new Uint8Array(await answer.arrayBuffer())) };
};

/** Everybody who may ask, by name. */
export const doorsOf = async (url: string, { passwords, keys }: Pick<Memory, 'passwords' | 'keys'>) => {
  const doors: Record<string, Door> = {};
  for (const [name, password] of Object.entries(passwords)) {
    // gil is disabled.
    if (name !== 'gil') doors[name] = await doorOfUser(url, name, password);
  }
  for (const [name, key] of Object.entries(keys)) doors[name] = doorOfKey(url, name, key);
  return doors;
};

/** Looks at everything that the platform has, one thing at a time. */
export const recollect = async (url: string, known: Pick<Memory, 'passwords' | 'keys'>): Promise<Memory> => {
  const doors = await doorsOf(url, known);
  const { admin, bia, notebook, lost } = doors as Record<string, Door>;
  if (!admin || !bia || !notebook || !lost) throw new Error('somebody is missing');
  const answers: Recollection[] = [];
  const look = async (door: Door, path: string, body?: unknown) => {
    answers.push(await answerOf(door, path, body));
  };
  for (const path of ['/users', '/keys', '/audit?limit=200', '/jobs?limit=200', '/dead-letters'])
    await look(admin, path);
  const { items: jobs } = await admin.ask<Items<Job>>('/jobs?limit=200');
  for (const { id } of jobs) await look(bia, `/jobs/${id}`);
  await look(lost, '/wine/series');
  await look(notebook, '/images');

  const series = await admin.ask<{ id: string }[] | Items<{ id: string }>>('/wine/series');
  for (const { id } of 'items' in series ? series.items : series) {
    await look(notebook, `/wine/series/${id}?format=csv`);
    await look(bia, `/wine/series/${id}/checks`);
  }
  await look(bia, '/producaoCSV');
  for (const { id } of jobs.filter(({ kind }) => kind === 'wine.ingest')) await look(bia, `/wine/ingestions/${id}`);

  const { items: tables } = await admin.ask<Items<{ file_id: string }>>('/datasets?limit=200');
  for (const { file_id: id } of tables) {
    await look(notebook, `/datasets/${id}`);
    await look(notebook, `/datasets/${id}/rows?limit=3`);
    for (const format of ['csv', 'json']) await look(notebook, `/api/download/${id}?format=${format}`);
  }

  await look(bia, '/tags');
  const pictures = await admin.ask<{ id: number; tags: { tag: string }[] }[]>('/images');
  for (const { id, tags } of pictures) {
    await look(bia, `/images/${id}/details`);
    await look(bia, `/images/${id}/file`);
    const [first] = tags;
    if (first !== undefined) await look(bia, `/images?tags=${encodeURIComponent(first.tag)}`);
  }

  const models = await admin.ask<Items<{ name: string }> | { name: string }[]>('/models');
  for (const { name } of 'items' in models ? models.items : models) await look(bia, `/models/${name}`);
  await look(bia, '/model/history/?limit=50');

  for (const currency of ['EUR', 'JPY']) {
    const now = await admin.ask<{ as_of: string }>(`/prices?currency=${currency}&limit=1`);
    for (const as_of of [now.as_of]) {
      await look(
        bia,
        `/prices?category=Shoes&currency=${currency}&as_of=${as_of}&date=${as_of.slice(0, 10)}&limit=500`,
      );
      await look(bia, `/products?as_of=${as_of}&date=${as_of.slice(0, 10)}&limit=500`);
      await look(bia, `/rates?quotes=USD,JPY&as_of=${as_of}&date=${as_of.slice(0, 10)}`);
    }
  }
  await look(bia, '/pricing/changes?after=0&limit=100');
  for (const { id } of jobs.filter(({ kind }) => kind === 'pricing.run')) await look(bia, `/pricing/runs/${id}`);

  // What makes a row of the history, last.
  const row = { SepalLengthCm: 6.7, SepalWidthCm: 3.3, PetalLengthCm: 5.7, PetalWidthCm: 2.5 };
  for (const path of ['/model/classify/', '/models/cellar/classify']) await look(bia, path, row);
  return { ...known, answers };
};
