import { runService } from '@vindima/service-kit';
import { images } from './service.ts';

await runService(images, process.env);
