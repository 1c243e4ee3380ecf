export { pricing } from './service.ts';
