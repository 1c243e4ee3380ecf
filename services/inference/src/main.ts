import { runService } from '@vindima/service-kit';
import { inference } from './service.ts';

await runService(inference, process.env);
