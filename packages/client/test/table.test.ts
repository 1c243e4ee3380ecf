import { readFileSync } from 'node:fs';
import { operations } from '@vindima/contracts';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { collisionsOf, makeTable } from '../scripts/make-table.ts';

const operation = {
  service: 'wine',
  name: 'ask',
  method: 'POST',
  path: '/things/:id',
  tag: 'things',
  summary: 'Ask',
  access: { role: 'viewer', scope: 'read' },
  answers: {},
  errors: {},
} as const;

describe("the client's table", () => {
  it('is made of the operations as they are: npm run table -w @vindima/client', () => {
    expect(readFileSync(new URL('../src/generated/table.ts', import.meta.url), 'utf8')).toBe(makeTable());
  });

  it.each(
    Object.values(operations).flatMap((all) => Object.values(all).map((one) => [one.service, one.name, one] as const)),
  )('%s.%s has each name in one place', (_service, _name, one) => {
    expect(collisionsOf(one)).toEqual([]);
  });

  it('finds a name that stands in two places', () => {
    const id = Type.Object({ id: Type.String() });
    const params = Type.Object({ id: Type.String() });
    expect(collisionsOf({ ...operation, params, query: id })).toEqual(['id']);
    expect(collisionsOf({ ...operation, params, body: { json: id } })).toEqual(['id']);
    expect(collisionsOf({ ...operation, params, headers: Type.Object({ 'i-d': Type.String() }) })).toEqual([]);
    const name = Type.Object({ name: Type.String() });
    expect(collisionsOf({ ...operation, query: name, body: { json: name } })).toEqual(['name']);
    const form = { files: { file: { description: 'It' } }, fields: name };
    expect(collisionsOf({ ...operation, query: name, body: { form } })).toEqual(['name']);
    expect(collisionsOf({ ...operation, body: { json: Type.Object({ body: Type.String() }) } })).toEqual(['body']);
  });
});
