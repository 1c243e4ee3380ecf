export * from './service.ts';
export * from './upstream.ts';
export * from './upstreams.ts';
