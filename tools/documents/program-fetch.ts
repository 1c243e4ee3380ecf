import { ok } from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { paths } from './made/openapi-typescript.d.ts';

const [baseUrl = '', key] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl, headers: key === undefined ? {} : { 'x-api-key': key } });

const form = new FormData();
form.append('file', new Blob(['name,age\nAna,30\n']), 'people.csv');
const uploaded = await client.POST('/api/upload', {
  body: { file: '' },
  bodySerializer: () => form,
});
ok(uploaded.data !== undefined, JSON.stringify(uploaded.error));
ok(uploaded.data.file_id.length > 0);

await client.POST('/model/load', { body: { name: 'iris' } });
const row = { SepalLengthCm: 5.1, SepalWidthCm: 3.5, PetalLengthCm: 1.4, PetalWidthCm: 0.2 };
const classified = await client.POST('/model/classify', { body: row });
ok(classified.data !== undefined && 'class' in classified.data, JSON.stringify(classified.error));
process.stdout.write(`openapi-typescript: ${uploaded.data.file_id} ${classified.data.class}\n`);
