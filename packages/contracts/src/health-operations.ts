import { Type } from 'typebox';
import { defineOperations } from './operations/define-operation.ts';

export const Health = Type.Object(
  {
    status: Type.String({ examples: ['ok'] }),
    service: Type.String(),
    version: Type.String(),
    checks: Type.Record(Type.String(), Type.String(), {
      description: '`ok`, or what is wrong, for each thing that is needed',
    }),
  },
  { title: 'Health' },
);

/** What a load balancer and Prometheus ask of every service. */
export const healthOperations = (service: string) =>
  defineOperations(service, {
    isAlive: {
      method: 'GET',
      path: '/health/live',
      tag: 'health',
      summary: 'Is the process alive?',
      access: { role: 'public', scope: 'read' },
      answers: { 200: { description: 'It is', json: Health } },
      errors: {},
    },
    isReady: {
      method: 'GET',
      path: '/health/ready',
      tag: 'health',
      summary: 'Can it do its work?',
      access: { role: 'public', scope: 'read' },
      answers: {
        200: { description: 'It can', json: Health },
        503: { description: 'It cannot: the checks say why', json: Health },
      },
      errors: {},
    },
    readMetrics: {
      method: 'GET',
      path: '/metrics',
      tag: 'health',
      summary: 'Metrics in the format of Prometheus',
      access: { role: 'viewer', scope: 'read' },
      answers: { 200: { description: 'The metrics', file: ['text/plain'] } },
      errors: {},
    },
  });
