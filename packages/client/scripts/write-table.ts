import { writeFileSync } from 'node:fs';
import { makeTable } from './make-table.ts';

writeFileSync(new URL('../src/generated/table.ts', import.meta.url), makeTable());
