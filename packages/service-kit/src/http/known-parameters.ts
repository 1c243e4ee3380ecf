import { nearestName, type Operation, ServiceError } from '@vindima/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * For operations of existing clients, which may send parameters that mean nothing here: those are named in the answer. What is nearly a
 * parameter of the operation is a mistake that would change the answer, and is refused.
 */
export const holdToKnownParameters = ({ query, service }: Operation) => {
  const known = Object.keys(query?.properties ?? {});
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const ignored = Object.keys(request.query as object).filter((name) => !known.includes(name));
    for (const name of ignored) {
      const meant = nearestName(name, known);
      if (meant === undefined) continue;
      const problem = { path: `query.${name}`, message: `is not known (did you mean ${meant}?)` };
      done(
        new ServiceError(
          400,
          `${service}.invalid_request`,
          `The request is not valid: ${problem.path} ${problem.message}.`,
          {
            details: { problems: [problem] },
          },
        ),
      );
      return;
    }
    if (ignored.length > 0)
      reply.header('x-ignored-parameters', ignored.map((name) => encodeURIComponent(name)).join(', '));
    done();
  };
};
