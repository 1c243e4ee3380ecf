import { type ServiceName, serviceNames } from '@vindima/contracts';

const isServiceName = (name: string | undefined): name is ServiceName => serviceNames.some((known) => known === name);

/** The service whose job it is: its name is the beginning of the id. */
export const serviceOfJob = (id: string): ServiceName | undefined => {
  const [name] = id.split('-', 1);
  return isServiceName(name) ? name : undefined;
};

/** How a parameter names a service; what it does not name is the gateway's. */
const readers: Readonly<Record<string, (value: string) => string | undefined>> = {
  '{service}': (value) => (isServiceName(value) ? value : undefined),
  '{id}': serviceOfJob,
  // Whoever may read one service may watch its events; to watch all of them takes the scope of the whole.
  '{subject}': (value) => /^events\.([a-z]+)\./.exec(value)?.[1],
};

/**
 * The service whose scope a request needs, where its operation leaves that to a parameter.
 *
 * @param place the parameter as the operation names it: `{service}`
 */
export const serviceNamedBy = (
  place: `{${string}}`,
  { params, query }: { readonly params: unknown; readonly query: unknown },
): string => {
  const name = place.slice(1, -1);
  const value = { ...(query as Record<string, unknown>), ...(params as Record<string, unknown>) }[name];
  return (typeof value === 'string' ? readers[place]?.(value) : undefined) ?? 'gateway';
};
