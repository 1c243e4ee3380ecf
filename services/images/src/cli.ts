import { runImages } from './adoption/run-adoption.ts';

process.exitCode = await runImages(process.argv.slice(2), process.env, process);
