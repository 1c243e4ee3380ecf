export * from './dump-databases.ts';
export { type BackendName, MissingProgramError } from './find-programs.ts';
export * from './start-maria-db.ts';
export * from './start-nats-server.ts';
export * from './start-s3-server.ts';
export type { TestServer } from './test-server.ts';
