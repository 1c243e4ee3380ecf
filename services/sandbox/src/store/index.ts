import type { App } from '@vindima/service-kit';
import type { Upstream } from '../upstream.ts';
import { adminRoutes } from './admin-routes.ts';
import { categoryRoutes } from './category-routes.ts';
import { StoreRefusal, unauthorized } from './errors.ts';
import { productRoutes } from './product-routes.ts';
import { defaultSettings } from './settings.ts';
import { createStoreState } from './state.ts';
import { createTokens } from './tokens.ts';
import { userRoutes } from './user-routes.ts';

const basePath = '/store/api/v1';

/** The Platzi fake store with its quirks, and made-up products; `/sandbox/store/...` does to it what the world does to the real one. */
export const store: Upstream = {
  name: 'store',
  basePath,
  register: async (app, _config, now) => {
    const settings = { current: defaultSettings };
    const state = createStoreState(now);
    const tokens = createTokens(state, () => settings.current, now);
    await app.register(
      async (api) => {
        api.setErrorHandler((error, _request, reply) => {
          if (!(error instanceof StoreRefusal)) throw error;
          return reply.code(error.status).send(error.body);
        });
        api.setNotFoundHandler((request, reply) =>
          reply
            .code(404)
            .send({ message: `Cannot ${request.method} ${request.url}`, error: 'Not Found', statusCode: 404 }),
        );
        api.addHook('onRequest', async (request) => {
          const open = !settings.current.requires_token || !/\/(products|categories)/.test(request.url);
          if (!open && tokens.userOfAccess(request.headers.authorization) === undefined) throw unauthorized();
        });
        productRoutes(api as unknown as App, state);
        categoryRoutes(api as unknown as App, state);
        userRoutes(api as unknown as App, state, tokens);
      },
      { prefix: basePath },
    );
    adminRoutes(app, state, settings);
  },
};
