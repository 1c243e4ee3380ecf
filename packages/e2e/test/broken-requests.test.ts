import { operations } from '@vindima/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../src/client.ts';
import { platforms, type RunningPlatform } from '../src/platforms.ts';

const [embedded] = await platforms(process.env);
const forms = Object.values(operations)
  .flatMap((all) => Object.values(all))
  .flatMap((operation) =>
    'body' in operation && 'form' in operation.body ? [`${operation.method} ${operation.path}`] : [],
  );
const cut = '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nabc';

describe('a broken form', () => {
  let platform: RunningPlatform | undefined;
  let client: Client;
  beforeAll(async () => {
    platform = await embedded?.start();
    if (platform === undefined) throw new Error('There is no platform.');
    client = await createClient(platform);
  });
  afterAll(async () => {
    await client?.close();
    await platform?.stop();
  });

  it.each(forms)('is refused at %s as the mistake that it is', async (route) => {
    const [method = '', path = ''] = route.split(' ');
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=', 'multipart/form-data; boundary=x']) {
      const answer = await client.call(path, { method, headers: { 'content-type': type }, body: cut });
      expect([type, answer.status, await answer.text()]).toEqual([type, 400, expect.stringMatching(/malformed|no_/)]);
    }
  });
});
