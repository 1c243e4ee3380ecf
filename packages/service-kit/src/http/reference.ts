import { ServiceError } from '@vindima/contracts';
import { longestReference, withCause } from '@vindima/messaging';
import type { App } from './app.ts';

/**
 * Takes the caller's `x-reference`: the jobs that a request starts and the messages that it sends carry it. Before the handler and
 * not sooner, as what is set before the body is read is forgotten by then.
 */
export const registerReference = (app: App, service: string): void => {
  app.addHook('preHandler', (request, _, done) => {
    const reference = request.headers['x-reference'];
    if (reference === undefined || reference === '') return done();
    if (typeof reference !== 'string' || reference.length > longestReference) {
      const message = `The header x-reference has at most ${longestReference} characters.`;
      return done(new ServiceError(400, `${service}.invalid_reference`, message));
    }
    withCause({ reference }, done);
  });
};
