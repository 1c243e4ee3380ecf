export { rules, type ServiceRule } from './access/rules.ts';
export { gatewayBeside } from './service.ts';
