import type { ServiceName } from '@vindima/contracts';
import type { App } from '@vindima/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { rules } from '../access/rules.ts';
import { forward } from './forward.ts';
import type { Replicas } from './replicas.ts';

/** Of a body that is not a file. */
const formBytes = 16 * 1024 * 1024;

export interface ProxyOptions {
  readonly replicas: Readonly<Record<ServiceName, Replicas>>;
  /** Of a body that is a file. */
  readonly uploadBytes: number;
  readonly internalToken: string | undefined;
}

/** Hands a request to the service that its path tells, which no rule of a service does. */
export type ForwardTo = (
  service: ServiceName,
  request: FastifyRequest,
  reply: FastifyReply,
  lasting?: boolean,
) => Promise<void> | undefined;

/**
 * Registers a route for every rule, so that the router itself knows what exists; bodies are not read but passed on.
 *
 * @param more routes besides, whose bodies are passed on too
 */
export const registerProxy = async (
  app: App,
  { replicas, uploadBytes, internalToken }: ProxyOptions,
  more: (scope: App, forwardTo: ForwardTo) => void,
): Promise<void> => {
  const targetOf = (service: ServiceName, maximumBytes: number, lasting = false) => ({
    service,
    replicas: replicas[service],
    internalToken,
    maximumBytes,
    lasting,
  });
  await app.register(async (scope) => {
    for (const { service, method, path, role, access, bytes } of rules) {
      const target = targetOf(service, bytes === 'file' ? uploadBytes : bytes);
      scope.route({
        method,
        url: path,
        schema: { hide: true },
        bodyLimit: target.maximumBytes,
        exposeHeadRoute: false,
        // What is compressed stays so, both ways.
        compress: false,
        decompress: false,
        config: { requirement: { role, service, access } },
        // Last of the hooks that decide who may pass, and before Fastify would look for a parser of the body.
        onRequest: (request, reply, done) => {
          forward(target, request, reply)?.catch(done);
        },
        handler: neverReached,
      });
    }
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    more(scope as App, (service, request, reply, lasting) =>
      forward(targetOf(service, formBytes, lasting), request, reply),
    );
  });
};

const neverReached = () => {
  throw new Error('The request was passed on already.');
};
