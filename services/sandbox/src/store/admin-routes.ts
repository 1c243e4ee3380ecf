import type { App } from '@vindima/service-kit';
import { Type } from 'typebox';
import { StoreSettings } from './settings.ts';
import type { StoreState } from './state.ts';

const ProductId = Type.Object({ id: Type.Integer() });
const tags = ['store'];

/** What happens to a store behind its API's back: people and tests make it happen here. */
export const adminRoutes = (app: App, state: StoreState, settings: { current: StoreSettings }) => {
  app.get('/sandbox/store/settings', { schema: { tags, response: { 200: StoreSettings } } }, () => settings.current);
  app.put(
    '/sandbox/store/settings',
    { schema: { tags, summary: 'Life of tokens, and what wants one', body: Type.Partial(StoreSettings) } },
    (request) => {
      settings.current = { ...settings.current, ...request.body };
      return settings.current;
    },
  );
  app.post(
    '/sandbox/store/reseed',
    {
      schema: {
        tags,
        summary: 'Start anew, as the real store does daily: users vanish, products are as in the beginning',
        body: Type.Object({ first_id: Type.Optional(Type.Integer({ minimum: 1 })) }),
      },
    },
    (request, reply) => {
      state.reseed(request.body.first_id);
      return reply.code(204).send();
    },
  );
  app.post(
    '/sandbox/store/fill',
    {
      schema: {
        tags,
        summary: 'Add so many products',
        body: Type.Object({ count: Type.Integer({ minimum: 1, maximum: 50_000 }) }),
      },
    },
    (request, reply) => {
      for (let number = 1; number <= request.body.count; number++) {
        const title = `Sample ${number}`;
        const images = [`https://pictures.example/sample-${number}.jpeg`];
        const price = (((number * 7919) % 99_990) + 10) / 100;
        state.addProduct({
          title,
          price,
          description: 'Made up to fill the store.',
          categoryId: 1 + (number % 5),
          images,
        });
      }
      return reply.code(204).send();
    },
  );
  app.patch(
    '/sandbox/store/products/:id',
    {
      schema: {
        tags,
        summary: 'Change a product; with `touch: false` the store does not say so in `updatedAt`',
        params: ProductId,
        body: Type.Object({
          price: Type.Optional(Type.Number()),
          title: Type.Optional(Type.String()),
          category_id: Type.Optional(Type.Integer()),
          touch: Type.Optional(Type.Boolean({ default: true })),
        }),
      },
    },
    (request, reply) => {
      const { touch, category_id: categoryId, ...change } = request.body;
      state.changeProduct(request.params.id, { ...change, ...(categoryId !== undefined && { categoryId }) }, touch);
      return state.product(request.params.id) ?? reply.callNotFound();
    },
  );
  app.delete('/sandbox/store/products/:id', { schema: { tags, params: ProductId } }, (request, reply) =>
    state.removeProduct(request.params.id) ? reply.code(204).send() : reply.callNotFound(),
  );
  app.post('/sandbox/store/products/:id/return', { schema: { tags, params: ProductId } }, (request, reply) =>
    state.returnProduct(request.params.id) ? reply.code(204).send() : reply.callNotFound(),
  );
};
