import type { ServiceContext } from '@vindima/service-kit';
import type { InferenceConfig } from './config.ts';
import type { InferenceTables } from './db/tables.ts';

export type InferenceContext = ServiceContext<InferenceConfig, InferenceTables>;
