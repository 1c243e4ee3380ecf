import { describe, expect, it } from 'vitest';
import { isNoSpace, noSpace, ServiceError } from '../src/index.ts';

const error = (message: string, properties: object = {}) => Object.assign(new Error(message), properties);

describe('no space', () => {
  it.each([
    ['a file', error('ENOSPC: no space left on device, write', { code: 'ENOSPC', errno: -28 })],
    ['a quota', error('EDQUOT: disk quota exceeded', { code: 'EDQUOT' })],
    ['SQLite', error('database or disk is full', { code: 'ERR_SQLITE_ERROR', errcode: 13 })],
    ["SQLite's log", error('disk I/O error', { code: 'ERR_SQLITE_ERROR', errcode: 778 })],
    ['SQLite on a thread', error('the history cannot be written: database or disk is full')],
    ['MySQL, a table', error("The table 'jobs' is full", { errno: 1114 })],
    ['MySQL, the engine', error('Got error 28 from storage engine', { errno: 1030 })],
    ['MariaDB', error('Error writing file \'./jobs\' (Errcode: 28 "No space left on device")', { errno: 3 })],
    ['JetStream', error('insufficient resources', { code: 10023, status: 503 })],
    ['MinIO', error('Storage backend has reached its limit', { name: 'XMinioStorageFull' })],
    ['S3', error('Unknown', { name: 'InternalError', $metadata: { httpStatusCode: 507 } })],
    ['DuckDB', error('IO Error: Could not write file "t.tmp": No space left on device')],
    [
      'what wraps one',
      new ServiceError(503, 'object_store.unavailable', 'Failed.', { cause: error('', { code: 'ENOSPC' }) }),
    ],
    ['what was told', noSpace('wine')],
  ])('is known from %s', (_, thrown) => {
    expect(isNoSpace(thrown)).toBe(true);
  });

  it.each([
    ['another error', error('ENOENT: no such file', { code: 'ENOENT', errno: -2 })],
    ['a busy database', error('database is locked', { errcode: 5 })],
    ['a taken key', error('Duplicate entry', { errno: 1062 })],
    ["a user's words", new ServiceError(404, 'datasets.unknown_file', 'There is no file "no space left on device".')],
    ['a text', 'ENOSPC'],
  ])('is not seen in %s', (_, thrown) => {
    expect(isNoSpace(thrown)).toBe(false);
  });

  it('ends with a chain of causes that has no end', () => {
    const one = new Error('one');
    one.cause = new Error('two', { cause: one });
    expect(isNoSpace(one)).toBe(false);
  });
});
