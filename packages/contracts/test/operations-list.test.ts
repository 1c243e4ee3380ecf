import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { operationsList } from '../src/index.ts';

it('has every operation with its access and limits as they were reviewed: npm run list -w @vindima/contracts', () => {
  expect(operationsList()).toBe(readFileSync(new URL('../operations.txt', import.meta.url), 'utf8'));
});
