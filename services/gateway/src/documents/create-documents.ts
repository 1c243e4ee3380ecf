import {
  type AnyOperation,
  healthOperations,
  isPassedOn,
  type JsonObject,
  openApiDocument,
  operationsOf,
  ServiceError,
  type ServiceName,
  serviceNames,
  services,
} from '@vindima/contracts';
import { version } from '@vindima/service-kit';
import { askService } from '../proxy/ask.ts';
import type { Replicas } from '../proxy/replicas.ts';
import { mergeAsyncApi, type ServiceDocument } from './merge-asyncapi.ts';

const timeoutMs = 3_000;
/** A service that is deployed anew shows what it hears after this time; one that was down, sooner. */
const freshMs = { complete: 60_000, incomplete: 5_000 };

export interface DocumentsOptions {
  readonly replicas: Readonly<Record<ServiceName, Replicas>>;
  readonly internalToken: string | undefined;
  /** Where the platform is reached from outside; empty where nobody has said it. */
  readonly publicUrl: string;
}

const about = {
  version,
  title: 'Vindima',
  description: 'Open data into things people use. Every service, through one door.',
};
const documented: Readonly<Record<string, readonly AnyOperation[]>> = {
  gateway: [...Object.values<AnyOperation>(healthOperations('gateway')), ...operationsOf('gateway')],
  ...Object.fromEntries(serviceNames.map((name) => [name, operationsOf(name).filter(isPassedOn)])),
};
const isDocumented = (name: string): name is keyof typeof services => Object.hasOwn(documented, name);
/** The gateway first, then the services. */
const names = ['gateway', ...serviceNames] as const;

/** The documents of the platform: of REST as the contracts say it; of messages as every service says, asked for and kept for a while. */
export const createDocuments = ({ replicas, internalToken, publicUrl }: DocumentsOptions) => {
  const servers = publicUrl === '' ? {} : { servers: [publicUrl] };
  const whole = openApiDocument({
    ...about,
    ...servers,
    operations: names.flatMap((name) => documented[name] ?? []),
    tags: Object.fromEntries(names.map((name) => [name, services[name].description])),
    tagOf: ({ service }) => service,
  });
  const collect = () =>
    Promise.all(
      serviceNames.map(async (service): Promise<ServiceDocument> => {
        const document = await askService(replicas[service], '/asyncapi.json', { internalToken, timeoutMs });
        return { service, document: document as JsonObject | undefined };
      }),
    );
  const asyncApis = keep(collect);

  return {
    /** Of which there are documents. */
    services: names as readonly string[],
    openApi: () => whole,
    /** @throws ServiceError 404 for an unknown service */
    openApiOf: (name: string): JsonObject => {
      if (!isDocumented(name)) throw new ServiceError(404, 'gateway.unknown_service', `There is no service ${name}.`);
      const { title, description } = services[name];
      const operations = documented[name] ?? [];
      const tags = Object.fromEntries(operations.map(({ tag }) => [tag, '']));
      return openApiDocument({ version, title, description, ...servers, operations, tags });
    },
    asyncApi: async () =>
      mergeAsyncApi(
        { ...about, title: 'Vindima: messages', description: 'What the services say to each other.' },
        await asyncApis(),
      ),
  };
};
export type Documents = ReturnType<typeof createDocuments>;

/** Asks again when what is there is old; many who ask at once share one answer. */
const keep = (collect: () => Promise<ServiceDocument[]>) => {
  let kept: { until: number; documents: Promise<ServiceDocument[]> } | undefined;
  return async (): Promise<ServiceDocument[]> => {
    if (kept !== undefined && Date.now() < kept.until) return kept.documents;
    const current = { until: Date.now() + freshMs.incomplete, documents: collect() };
    kept = current;
    const documents = await current.documents;
    if (documents.every(({ document }) => document !== undefined)) current.until = Date.now() + freshMs.complete;
    return documents;
  };
};
