import type { Job } from '@vindima/contracts';
import { type ServiceName, serviceNames } from '@vindima/contracts';
import { askService } from '../proxy/ask.ts';
import type { Replicas } from '../proxy/replicas.ts';

export interface JobsQuery {
  readonly limit: number;
  readonly cursor?: string;
  readonly state?: string;
  readonly kind?: string;
  readonly command_id?: string;
  readonly reference?: string;
  readonly service?: ServiceName;
}

export interface JobsPage {
  readonly items: Job[];
  readonly next_cursor: string | null;
  /** Services that could not be asked. */
  readonly unavailable: string[];
}

const timeoutMs = 5_000;

/**
 * A page of the jobs of all services, newest first. An id is `<service>-<UUIDv7>`, and those sort by time, so the UUID of the
 * page's last job is a place in the list of every service.
 */
export const listJobs = async (
  replicas: Readonly<Record<ServiceName, Replicas>>,
  query: JobsQuery,
  internalToken: string | undefined,
): Promise<JobsPage> => {
  const asked = serviceNames.filter((name) => query.service === undefined || name === query.service);
  const pages = await Promise.all(
    asked.map(async (name) => {
      const path = `/jobs?${parametersFor(name, query)}`;
      const page = await askService(replicas[name], path, { internalToken, timeoutMs });
      return page as { items: Job[]; next_cursor: string | null } | undefined;
    }),
  );
  const found = pages.flatMap((page) => page?.items ?? []).sort((a, b) => (place(a) < place(b) ? 1 : -1));
  const items = found.slice(0, query.limit);
  const last = items.at(-1);
  const more = found.length > items.length || pages.some((page) => (page?.next_cursor ?? null) !== null);
  return {
    items,
    next_cursor: more && last !== undefined ? place(last) : null,
    unavailable: asked.filter((_, index) => pages[index] === undefined),
  };
};

const parametersFor = (name: ServiceName, { limit, cursor, state, kind, command_id, reference }: JobsQuery) => {
  const parameters = new URLSearchParams({ limit: String(limit) });
  if (cursor !== undefined) parameters.set('cursor', `${name}-${cursor}`);
  if (state !== undefined) parameters.set('state', state);
  if (kind !== undefined) parameters.set('kind', kind);
  if (command_id !== undefined) parameters.set('command_id', command_id);
  if (reference !== undefined) parameters.set('reference', reference);
  return parameters;
};

const place = ({ id }: Job) => id.slice(id.indexOf('-') + 1);
