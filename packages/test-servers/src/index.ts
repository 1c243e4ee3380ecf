export * from './browser.ts';
export * from './can-start.ts';
export * from './databases.ts';
export * from './nats-server.ts';
export * from './servers.ts';
export * from './temporary-folder.ts';
