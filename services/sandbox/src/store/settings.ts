import { type Static, Type } from 'typebox';

/** How the store behaves, changed while it runs by `PUT /sandbox/store/settings`. */
export const StoreSettings = Type.Object({
  access_token_seconds: Type.Number({ minimum: 0, description: '20 days in the real store' }),
  refresh_token_seconds: Type.Number({ minimum: 0, description: '10 hours in the real store: it expires first' }),
  requires_token: Type.Boolean({
    description: 'Whether products and categories want a token; those of the real store do not',
  }),
});
export type StoreSettings = Static<typeof StoreSettings>;

export const defaultSettings: StoreSettings = {
  access_token_seconds: 20 * 86_400,
  refresh_token_seconds: 10 * 3600,
  requires_token: false,
};
