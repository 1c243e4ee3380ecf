import { runService } from '@vindima/service-kit';
import { sandbox } from './service.ts';

await runService(sandbox, process.env);
