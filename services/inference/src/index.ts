export { inference } from './service.ts';
