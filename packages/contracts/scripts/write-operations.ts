import { writeFileSync } from 'node:fs';
import { operationsList } from '../src/operations/list.ts';

writeFileSync(new URL('../operations.txt', import.meta.url), operationsList());
