// Puts something of every kind into a platform and remembers how it was shown; later, finds all of it as it was:
//
//   node --env-file=.env deploy/try/upgrade-data.ts put memory.json
//   node --env-file=.env deploy/try/upgrade-data.ts find memory.json
import { readFile, writeFile } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';
import { call, type JobView, jobEnd, startDeduplication, uploadTable } from './platform.ts';

interface Memory {
  /** Answers by path. */
  readonly answers: Record<string, unknown>;
  readonly user: { readonly username: string; readonly password: string };
  readonly key: string;
}

const gateway = process.env.E2E_URL ?? `http://127.0.0.1:${process.env.GATEWAY_PORT || 8080}`;
const [verb, path = 'memory.json'] = process.argv.slice(2);

/** A picture of one colour. */
const png = (width: number, height: number): Buffer => {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits of grey.
  header[8] = 8;
  const rows = Buffer.alloc((width + 1) * height, 0x80).map((value, index) => (index % (width + 1) === 0 ? 0 : value));
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const data = chunk('IDAT', deflateSync(rows));
  return Buffer.concat([signature, chunk('IHDR', header), data, chunk('IEND', Buffer.alloc(0))]);
};

const put = async () => {
  const answers: Record<string, unknown> = {};
  const remember = async (...paths: string[]) => {
    for (const where of paths) answers[where] = await call('GET', where);
  };
  const finish = async (job: JobView) => {
    const end = await jobEnd(job.id);
    if (end.state !== 'succeeded') throw new Error(`the job ${job.id} ${end.state}: ${JSON.stringify(end.error)}`);
    await remember(`/jobs/${job.id}`);
  };
  for (const name of ['one', 'two', 'three']) {
    const table = await uploadTable(name, 300);
    await finish(await startDeduplication(table, `upgrade-${name}`));
    await remember(`/datasets/${table}`, `/datasets/${table}/rows?limit=5`);
  }
  await finish(await call('POST', '/wine/ingestions', { body: { series: ['production'], force: true } }));
  await remember('/wine/series/production?year_from=2020&limit=5', '/producaoCSV');
  const image = await call<{ id: number }>('POST', '/images', { body: { data: png(64, 48).toString('base64') } });
  await remember(`/images/${image.id}`, `/images/${image.id}/details`);
  await call('POST', '/model/load/');
  const setosa = { SepalLengthCm: 5.1, SepalWidthCm: 3.5, PetalLengthCm: 1.4, PetalWidthCm: 0.2 };
  const { id } = await call<{ id: string }>('POST', '/model/classify/', { body: setosa });
  await untilClassified(id);
  await remember('/model/history/', '/models');
  const run = { categories: ['Shoes'], currencies: ['EUR'] };
  await finish(await call('POST', '/pricing/runs', { body: run }));
  // As they were known then: a later run may learn of others.
  const asOf = new Date().toISOString();
  await remember(`/prices?category=Shoes&currency=EUR&as_of=${asOf}`, `/products?category=Shoes&as_of=${asOf}`);
  const user = { username: `eve-${Date.now()}`, password: 'a password of 0.1.0, long enough' };
  await call('POST', '/users', { body: { ...user, role: 'editor' } });
  const { key } = await call<{ key: string }>('POST', '/keys', {
    body: { name: 'notebook', scopes: ['datasets:read'] },
  });
  await remember('/users');
  await writeFile(path, JSON.stringify({ answers, user, key } satisfies Memory), { mode: 0o600 });
  process.stdout.write(`${Object.keys(answers).length} answers remembered\n`);
};

/** The history is written a moment after the answer. */
const untilClassified = async (id: string) => {
  for (let turn = 0; turn < 60; turn++) {
    const { items } = await call<{ items: { id: string }[] }>('GET', '/model/history/');
    if (items.some((item) => item.id === id)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('the classification is not in the history');
};

/** What of the old answer is not in the new one, which may say more; undefined when all is. */
const difference = (old: unknown, now: unknown, at = ''): string | undefined => {
  if (typeof old !== 'object' || old === null) {
    return Object.is(old, now) ? undefined : `${at} was ${JSON.stringify(old)} and is ${JSON.stringify(now)}`;
  }
  if (typeof now !== 'object' || now === null) return `${at} is gone`;
  return Object.entries(old)
    .map(([name, value]) => difference(value, (now as Record<string, unknown>)[name], `${at}.${name}`))
    .find((found) => found !== undefined);
};

const find = async () => {
  const { answers, user, key }: Memory = JSON.parse(await readFile(path, 'utf8'));
  const lost: string[] = [];
  for (const [where, old] of Object.entries(answers)) {
    const now = await call('GET', where);
    const found = difference(old, now);
    if (found !== undefined) lost.push(`${where}: ${found.slice(0, 300)}`);
  }
  const found = Object.keys(answers).length - lost.length;
  const login = await fetch(`${gateway}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  if (!login.ok) lost.push(`the user may not log in: ${login.status}`);
  const byKey = await fetch(`${gateway}/datasets`, { headers: { 'x-api-key': key } });
  if (!byKey.ok) lost.push(`the key is refused: ${byKey.status}`);
  for (const line of lost) process.stdout.write(`LOST: ${line}\n`);
  const people = login.ok && byKey.ok ? 'user and key pass' : 'user or key do not pass';
  process.stdout.write(`${found} of ${Object.keys(answers).length} answers are as they were, ${people}\n`);
  process.exitCode = lost.length === 0 ? 0 : 1;
};

if (verb === 'put') await put();
else if (verb === 'find') await find();
else throw new Error('usage: upgrade-data.ts put|find FILE');
