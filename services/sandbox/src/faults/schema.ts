import { StringEnum } from '@vindima/contracts';
import { type Static, Type } from 'typebox';

/** The ways in which an upstream can be made to fail. */
export const faultKinds = [
  'html',
  'empty',
  'cut',
  'short',
  '500',
  '429',
  'status',
  'hang',
  'reset',
  'garbage',
  'huge',
] as const;

/** A failure to answer with instead of the truth. */
export const Fault = Type.Object({
  path: Type.String({
    pattern: '^/',
    maxLength: 500,
    description: 'Path of the requests that fail, without the query; a `*` at the end stands for anything',
    examples: ['/download/Producao.csv', '/ecb/*'],
  }),
  fault: StringEnum(faultKinds, {
    description:
      'html: a page with status 200; empty: 200 without a body; cut: the connection ends in the middle of the announced body; ' +
      'short: half of the body, announced as all of it; 500; 429: with Retry-After; status: the one given, in the words of the API that it is; hang: never an answer; reset: the connection ' +
      'is torn down; garbage: random bytes with status 200; huge: a body that never ends (stopped at 1 GB)',
  }),
  status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599, description: 'For status; default 503' })),
  times: Type.Optional(Type.Integer({ minimum: 1, description: 'How many requests fail; until removed if left out' })),
  retry_after: Type.Optional(Type.Integer({ minimum: 0, maximum: 86400, description: 'Seconds, for 429; default 1' })),
});
export type Fault = Static<typeof Fault>;

export const FaultList = Type.Object({ items: Type.Array(Fault) });
