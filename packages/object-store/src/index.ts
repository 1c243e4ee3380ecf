export { compareKeys } from './keys.ts';
export * from './object-store.ts';
export * from './open-object-store.ts';
