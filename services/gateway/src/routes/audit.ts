import { AuditEntry, Page } from '@vindima/contracts';
import type { App } from '@vindima/service-kit';
import { Type } from 'typebox';
import type { Audit } from '../access/audit.ts';

/** `GET /audit`. */
export const registerAudit = (app: App, audit: Audit): void => {
  app.get(
    '/audit',
    {
      schema: {
        tags: ['audit'],
        summary: 'Who changed what, newest first',
        querystring: Type.Object({
          limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
          cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}$' })),
          who: Type.Optional(Type.String({ maxLength: 100, examples: ['user:admin'] })),
        }),
        response: { 200: Page(AuditEntry) },
      },
      config: { requirement: { role: 'admin', service: 'gateway', access: 'read', needsLogin: true } },
    },
    (request) => audit.list(request.query),
  );
};
