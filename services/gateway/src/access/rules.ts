import {
  type AnyOperation,
  bodyBytesOf,
  isPassedOn,
  operationsOf,
  type Role,
  type ServiceName,
  serviceNames,
} from '@vindima/contracts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** An operation of a service that the gateway lets through, and whom. What is not listed does not exist for the outside. */
export interface ServiceRule {
  readonly service: ServiceName;
  readonly method: Method;
  /** As in Fastify: `/images/:id`. */
  readonly path: string;
  /** The least a user must be. */
  readonly role: Role;
  /** What an API key's scope must allow: `write` for whatever changes something. */
  readonly access: 'read' | 'write';
  /** The largest body in bytes, or `file`: as large as a file may be (`GATEWAY_MAXIMUM_UPLOAD_SIZE`). */
  readonly bytes: number | 'file';
}

/** The rules of a service, as its operations say them. Every `GET` is a `HEAD` too. */
const rulesOf = (service: ServiceName, operations: readonly AnyOperation[]): ServiceRule[] =>
  operations.filter(isPassedOn).flatMap((operation): ServiceRule[] => {
    const { access, method, path } = operation;
    const rule = { service, path, role: access.role as Role, access: access.scope, bytes: bodyBytesOf(operation) };
    return method === 'GET'
      ? [
          { ...rule, method },
          { ...rule, method: 'HEAD' as const },
        ]
      : [{ ...rule, method }];
  });

/** Every operation of every service. A test holds it to the services' own documents, so that none is forgotten. */
export const rules: readonly ServiceRule[] = serviceNames.flatMap((service) => rulesOf(service, operationsOf(service)));
