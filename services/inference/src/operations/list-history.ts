import { inferenceOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { listHistory } from '../history/list.ts';
import type { Ports } from '../ports.ts';

/** Lists what was classified, newest first. */
export const history = ({ context }: Ports) =>
  implement(context, inferenceOperations.listHistory, ({ query }) => listHistory(context.database.query, query));
