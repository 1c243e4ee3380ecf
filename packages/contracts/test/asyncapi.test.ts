import { Parser } from '@asyncapi/parser';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { asyncApiDocument, defineCommand, defineEvent, Job, messagesOf } from '../src/index.ts';

const ingest = defineCommand({
  service: 'wine',
  name: 'ingest',
  summary: 'Ingest series',
  payload: Type.Object({ series: Type.Optional(Type.Array(Type.String())), $id: Type.Optional(Type.String()) }),
});
const ingested = defineEvent({
  service: 'wine',
  name: 'series-ingested',
  version: 2,
  summary: 'A series was ingested',
  payload: Type.Object({ series: Type.String(), job: Job }),
});
const info = { title: 'Wine', version: '0.1.0', description: 'Messages of the wine service' };

describe('the AsyncAPI document', () => {
  it('is valid by the official parser, without a warning', async () => {
    const document = asyncApiDocument({
      ...info,
      messages: [
        { definition: ingest, direction: 'receives' },
        { definition: ingested, direction: 'sends' },
        { definition: ingested, direction: 'receives' },
        ...messagesOf('wine').map((definition) => ({ definition, direction: 'sends' as const })),
      ],
    });
    const parsed = await new Parser().parse(JSON.stringify(document));
    // Severity 0 is an error, 1 a warning, below are hints (no servers, no tags, a newer version of AsyncAPI).
    expect(parsed.diagnostics.filter(({ severity }) => severity <= 1)).toEqual([]);
    expect(
      parsed.document
        ?.allChannels()
        .all()
        .map((channel) => channel.address()),
    ).toEqual(expect.arrayContaining(['commands.wine.ingest', 'events.wine.series-ingested']));
    expect(
      parsed.document
        ?.allOperations()
        .filterByReceive()
        .map((operation) => operation.id()),
    ).toEqual(['receive.wine.ingest.v1', 'receive.wine.series-ingested.v2']);
  });

  it('carries the JSON Schema of every payload, without identifiers that would be there twice', () => {
    const document = asyncApiDocument({
      ...info,
      messages: [
        { definition: ingested, direction: 'sends' },
        { definition: ingest, direction: 'receives' },
      ],
    });
    const text = JSON.stringify(document);
    expect(document.components.messages['wine.ingest.v1']).toMatchObject({
      payload: {
        type: 'object',
        properties: { series: { type: 'array', items: { type: 'string' } }, $id: { type: 'string' } },
      },
    });
    expect(text).not.toContain('"$id":"Job"');
  });
});
