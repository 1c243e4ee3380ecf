import { runService } from '@vindima/service-kit';
import { datasets } from './service.ts';

await runService(datasets, process.env);
