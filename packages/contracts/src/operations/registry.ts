import { datasetsOperations } from '../datasets-operations.ts';
import { gatewayOperations } from '../gateway-operations.ts';
import { imagesOperations } from '../images-operations.ts';
import { inferenceOperations } from '../inference-operations.ts';
import { pricingOperations } from '../pricing-operations.ts';
import { wineOperations } from '../wine-operations.ts';
import type { Operation } from './define-operation.ts';

export type AnyOperation = Operation;

/** The operations of every service, by its name. */
export const operations = {
  gateway: gatewayOperations,
  wine: wineOperations,
  images: imagesOperations,
  datasets: datasetsOperations,
  inference: inferenceOperations,
  pricing: pricingOperations,
} as const;

export const operationsOf = (service: keyof typeof operations): readonly AnyOperation[] =>
  Object.values<AnyOperation>(operations[service]);
