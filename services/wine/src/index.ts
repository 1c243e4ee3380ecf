export { wine } from './service.ts';
