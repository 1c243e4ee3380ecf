import { Type } from 'typebox';
import type { Ports } from '../ports.ts';

const Health = Type.Object({
  status: Type.String({ examples: ['ok'] }),
  model: Type.Union([Type.Object({ name: Type.String(), version: Type.Integer() }), Type.Null()], {
    description: 'That answers `POST /model/classify/`',
  }),
});

/** `GET /health`, as existing clients ask it. */
export const healthRoute = ({ context: { app }, registry }: Ports) => {
  app.get(
    '/health',
    { schema: { tags: ['health'], summary: 'Is the service there?', response: { 200: Health } } },
    async () => {
      const { current, models } = registry.state;
      const model = current === null ? undefined : models.get(current);
      const answers = model?.loaded === true && model.champion !== null;
      return { status: 'ok', model: answers ? { name: model.name, version: model.champion } : null };
    },
  );
};
