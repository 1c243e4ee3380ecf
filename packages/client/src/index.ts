export { type CallOptions, type ClientOptions, createClient } from './client.ts';
export { VindimaError } from './error.ts';
export { readEvents, type ServerEvent } from './events.ts';
export type { Client, FileArgument, Method } from './types.ts';
