// The image's HEALTHCHECK: can the service of this container do its work?
import { readFile } from 'node:fs/promises';

const own = JSON.parse(await readFile(new URL('./container.json', import.meta.url), 'utf8'));
const response = await fetch(`http://127.0.0.1:${process.env.PORT || own.port}/health/ready`, {
  signal: AbortSignal.timeout(5000),
});
process.exit(response.ok ? 0 : 1);
