export { rules, type ServiceRule } from './access/rules.ts';
export { gateway } from './service.ts';
