import { version } from '@vindima/service-kit';
import { Type } from 'typebox';
import { ServerMetadata } from '../../oip/schemas.ts';
import type { Ports } from '../../ports.ts';

const tags = ['open inference protocol'];

/** `GET /v2`, `/v2/health/live` and `/v2/health/ready`: the server itself. */
export const oipServer = ({ context: { app } }: Ports) => {
  const about = { name: 'vindima', version, extensions: ['model_repository'] };
  const Live = Type.Object({ live: Type.Boolean() });
  const Ready = Type.Object({ ready: Type.Boolean() });
  app.get(
    '/v2',
    { schema: { tags, summary: 'About the server', response: { 200: ServerMetadata } } },
    async () => about,
  );
  app.get('/v2/health/live', { schema: { tags, summary: 'Is it alive?', response: { 200: Live } } }, async () => ({
    live: true,
  }));
  // It listens once everything that was loaded is restored.
  app.get('/v2/health/ready', { schema: { tags, summary: 'Can it answer?', response: { 200: Ready } } }, async () => ({
    ready: true,
  }));
};
