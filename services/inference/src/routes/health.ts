import { Type } from 'typebox';
import type { Ports } from '../ports.ts';
import { heldBack } from '../registry/run-metrics.ts';

const Health = Type.Object({
  status: Type.String({ examples: ['ok'] }),
  model: Type.Union([Type.Object({ name: Type.String(), version: Type.Integer() }), Type.Null()], {
    description: 'That answers `POST /model/classify/`',
  }),
  held_back: Type.Optional(
    Type.Array(Type.String(), { description: '`name@version` of what runs no more, as three runs had to be ended' }),
  ),
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
      const held = heldBack(registry.state);
      return {
        status: 'ok',
        model: answers ? { name: model.name, version: model.champion } : null,
        ...(held.length === 0 ? {} : { held_back: held }),
      };
    },
  );
};
