import { runService } from '@vindima/service-kit';
import { gateway } from './service.ts';

await runService(gateway, process.env);
