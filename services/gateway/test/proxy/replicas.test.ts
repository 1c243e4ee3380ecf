import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { asAdmin, type StandIn, startGateway, startStandIn } from '../support/gateway.ts';

describe('several replicas of a service', () => {
  const started: StandIn[] = [];
  const replica = async (name: string) => {
    const standIn = await startStandIn((request, response) => {
      request.resume();
      request.on('end', () => response.end(name));
    });
    started.push(standIn);
    return standIn;
  };
  afterAll(async () => {
    for (const standIn of started) await standIn.stop();
  });

  it('take turns; one that is gone is left out, uploads included, until it is back', async () => {
    const [one, two] = [await replica('one'), await replica('two')];
    const gateway = await startGateway({ DATASETS_URL: `${one.url}, ${two.url}/` });
    const headers = await asAdmin(gateway.url);
    const ask = async (count: number) => {
      const answers: Record<string, number> = {};
      for (let index = 0; index < count; index++) {
        const upload = index % 2 === 0;
        const answer = await fetch(`${gateway.url}${upload ? '/api/upload' : '/datasets'}`, {
          headers,
          ...(upload ? { method: 'POST', body: randomBytes(10_000) } : {}),
        });
        const name = answer.status === 200 ? await answer.text() : String(answer.status);
        answers[name] = (answers[name] ?? 0) + 1;
      }
      return answers;
    };
    expect(await ask(10)).toEqual({ one: 5, two: 5 });
    await two.stop();
    expect(await ask(10)).toEqual({ one: 10 });
    await one.stop();
    expect(await ask(4)).toEqual({ 503: 4 });
    started.push(await startStandIn((_, response) => response.end('two again'), two.port));
    expect(await ask(4)).toEqual({ 'two again': 4 });
    await gateway.stop();
  });
});
