import { readFileSync } from 'node:fs';

/** The platform's version: all rooms share it. */
export const version: string = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
