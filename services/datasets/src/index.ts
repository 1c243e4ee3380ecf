export { datasets } from './service.ts';
