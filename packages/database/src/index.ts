export * from './column-types.ts';
export * from './database.ts';
export * from './database-url.ts';
export { isConnectionLoss, isUniqueViolation } from './errors.ts';
export * from './insert-ignore.ts';
export * from './json.ts';
export * from './open-database.ts';
export * from './open-foreign.ts';
