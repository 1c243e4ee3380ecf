import { databases } from '@vindima/test-servers';
import { describe, expect, it } from 'vitest';
import { asAdmin, asUser, json, startGateway, startStandIn } from '../support/gateway.ts';

describe.each(await databases())('the audit log on $dialect', ({ create }) => {
  it('has who changed what and how it ended, also logins that failed, and nothing that was only looked at', async () => {
    const service = await startStandIn((request, response) => {
      request.resume();
      request.on('end', () => response.writeHead(202).end('{}'));
    });
    const database = await create();
    const gateway = await startGateway({
      DATABASE_URL: database.url,
      WINE_URL: service.url,
      INFERENCE_URL: service.url,
    });
    const editor = await asUser(gateway.url, 'editor', 'ana');
    await fetch(`${gateway.url}/wine/ingestions?note=1`, json({}, { ...editor, 'x-request-id': 'ingest-1' }));
    await fetch(`${gateway.url}/users`, json({}, editor));
    await fetch(`${gateway.url}/producaoCSV`, { headers: editor });
    await fetch(`${gateway.url}/model/classify`, json({ SepalLengthCm: 5.1 }, editor));
    await fetch(`${gateway.url}/wine/ingestions`, { method: 'POST' });
    await fetch(`${gateway.url}/auth/login`, json({ username: 'ana', password: 'wrong' }));
    const headers = await asAdmin(gateway.url);
    const list = async (query: string) => {
      const answer = await fetch(`${gateway.url}/audit${query}`, { headers });
      return (await answer.json()) as {
        items: { path: string; status: number; who: string }[];
        next_cursor: string | null;
      };
    };
    const { items } = await list('?who=user:ana');
    expect(items).toMatchObject([
      { method: 'POST', path: '/users', service: 'gateway', status: 403 },
      {
        method: 'POST',
        path: '/wine/ingestions?note=1',
        service: 'wine',
        status: 202,
        request_id: 'ingest-1',
        address: '127.0.0.1',
      },
      { path: '/auth/login', status: 200 },
    ]);
    expect((await list('?who=nobody')).items).toMatchObject([{ path: '/auth/login', status: 401, who: 'nobody' }]);
    const all = await list('');
    const pages: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await list(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      pages.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(pages).toEqual(all.items);
    expect(JSON.stringify(all)).not.toContain('wrong');
    await gateway.stop();
    await service.stop();
    await database.drop();
  });
});
