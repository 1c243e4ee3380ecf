import { runService } from '@vindima/service-kit';
import { wine } from './service.ts';

await runService(wine, process.env);
