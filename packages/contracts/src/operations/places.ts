import type { OperationInput } from './define-operation.ts';

/** Names in a path: `id` of `/images/:id`. */
export const namesInPath = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');

/** `/images/:id` as OpenAPI writes it: `/images/{id}`. */
export const pathInDocument = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}');

/** Where an operation of this path could be meant by a request: for the answer 405. */
export const pathMatches = (path: string, requested: string): boolean => {
  const wanted = path.split('/');
  const given = requested.replace(/\/+$/, '').split('/');
  return wanted.length === given.length && wanted.every((part, index) => part.startsWith(':') || part === given[index]);
};

export const operationIdOf = ({ service, name }: { readonly service: string; readonly name: string }): string =>
  `${service}.${name}`;

/** Whether the body must be there. */
export const bodyIsRequired = ({ body }: Pick<OperationInput, 'body'>): boolean =>
  body !== undefined && body.optional !== true;
