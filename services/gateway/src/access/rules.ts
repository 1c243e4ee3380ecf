import type { Role } from '@vindima/contracts';
import { datasetsRules } from './services/datasets.ts';
import { imagesRules } from './services/images.ts';
import { inferenceRules } from './services/inference.ts';
import { pricingRules } from './services/pricing.ts';
import { wineRules } from './services/wine.ts';

export const serviceNames = ['wine', 'images', 'datasets', 'inference', 'pricing'] as const;
export type ServiceName = (typeof serviceNames)[number];
export const isServiceName = (name: string | undefined): name is ServiceName =>
  serviceNames.some((known) => known === name);

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
  /** The body may be as large as a file (`GATEWAY_MAXIMUM_UPLOAD_SIZE`), not only as large as a form. */
  readonly takesFiles: boolean;
}

/** Every operation of every service. A test holds it to the services' own documents, so that none is forgotten. */
export const rules: readonly ServiceRule[] = [
  ...wineRules,
  ...imagesRules,
  ...datasetsRules,
  ...inferenceRules,
  ...pricingRules,
];
