import { gatewayOperations } from '@vindima/contracts';
import { type App, implement } from '@vindima/service-kit';
import type { Audit } from '../access/audit.ts';

/** Shows who changed what, newest first. */
export const readAudit = (app: App, audit: Audit) =>
  implement({ app }, gatewayOperations.readAudit, ({ query }) => audit.list(query));
