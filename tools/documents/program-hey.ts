import { ok } from 'node:assert/strict';
import { client } from './made/hey-api/client.gen.ts';
import { datasetsUpload, inferenceClassify, inferenceLoad } from './made/hey-api/sdk.gen.ts';

const [baseUrl = '', key] = process.argv.slice(2);
client.setConfig({ baseUrl, headers: key === undefined ? {} : { 'x-api-key': key } });

const uploaded = await datasetsUpload({ body: { file: new File(['name,age\nAna,30\n'], 'people.csv') } });
ok(uploaded.data !== undefined, JSON.stringify(uploaded.error));

await inferenceLoad({ body: { name: 'iris' } });
const row = { SepalLengthCm: 5.1, SepalWidthCm: 3.5, PetalLengthCm: 1.4, PetalWidthCm: 0.2 };
const classified = await inferenceClassify({ body: row });
ok(classified.data !== undefined && 'class' in classified.data, JSON.stringify(classified.error));
process.stdout.write(`@hey-api/openapi-ts: ${uploaded.data.file_id} ${classified.data.class}\n`);
