import { runService } from '@vindima/service-kit';
import { pricing } from './service.ts';

await runService(pricing, process.env);
