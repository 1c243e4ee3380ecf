export { images } from './service.ts';
