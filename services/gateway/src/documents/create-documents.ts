import type { JsonObject } from '@vindima/contracts';
import { ServiceError } from '@vindima/contracts';
import { version } from '@vindima/service-kit';
import { rules, type ServiceName, serviceNames } from '../access/rules.ts';
import { askService } from '../proxy/ask.ts';
import type { Replicas } from '../proxy/replicas.ts';
import { mergeAsyncApi } from './merge-asyncapi.ts';
import { mergeOpenApi, type RequirementOfOperation, type ServiceDocument } from './merge-openapi.ts';
import { inDocument } from './own-document.ts';

const timeoutMs = 3_000;
/** A service that is deployed anew shows what it can do after this time; one that was down, sooner. */
const freshMs = { complete: 60_000, incomplete: 5_000 };

export interface DocumentsOptions {
  readonly replicas: Readonly<Record<ServiceName, Replicas>>;
  readonly internalToken: string | undefined;
  /** Where the platform is reached from outside; empty where nobody has said it. */
  readonly publicUrl: string;
  /** The gateway's own OpenAPI document, and whom its operations let through. */
  readonly own: () => { readonly document: JsonObject; readonly requirementOf: RequirementOfOperation };
}

/** The documents of the platform: every service's, asked for, merged and kept for a while. */
export const createDocuments = ({ replicas, internalToken, publicUrl, own }: DocumentsOptions) => {
  const collect = (path: string) =>
    Promise.all(
      serviceNames.map(async (service): Promise<ServiceDocument> => {
        const document = await askService(replicas[service], path, { internalToken, timeoutMs });
        return { service, document: document as JsonObject | undefined };
      }),
    );
  const openApis = keep(() => collect('/openapi.json'));
  const asyncApis = keep(() => collect('/asyncapi.json'));
  const requirementOf: RequirementOfOperation = (service, method, path) =>
    service === 'gateway'
      ? own().requirementOf(service, method, path)
      : rules.find(
          (rule) => rule.service === service && rule.method === method.toUpperCase() && inDocument(rule.path) === path,
        );
  const about = {
    version,
    title: 'Vindima',
    description: 'Open data into things people use. Every service, through one door.',
  };

  const placed = (document: JsonObject): JsonObject =>
    publicUrl === '' ? document : { ...document, servers: [{ url: publicUrl }] };

  return {
    /** Of which there are documents. */
    services: ['gateway', ...serviceNames] as readonly string[],
    openApi: async () =>
      placed(
        mergeOpenApi(about, [{ service: 'gateway', document: own().document }, ...(await openApis())], requirementOf),
      ),
    /** @throws ServiceError 404 for an unknown service, 503 for one that does not answer */
    openApiOf: async (name: string) => {
      const all = [{ service: 'gateway', document: own().document }, ...(await openApis())];
      const found = all.find(({ service }) => service === name);
      if (found === undefined) throw new ServiceError(404, 'gateway.unknown_service', `There is no service ${name}.`);
      if (found.document === undefined) {
        throw new ServiceError(503, 'gateway.service_unavailable', `The service ${name} is not available.`, {
          details: { service: name },
        });
      }
      const { title, description } = found.document.info as { title: string; description: string };
      return placed(mergeOpenApi({ version, title, description }, [found], requirementOf));
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
