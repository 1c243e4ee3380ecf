import { describe, expect, it } from 'vitest';
import { parseObjectStoreUrl } from '../src/object-store-url.ts';

describe('the URL of an object store', () => {
  it.each([
    ['file:data/lake', { kind: 'folder', path: 'data/lake' }],
    ['file:./data', { kind: 'folder', path: './data' }],
    ['file:/srv/lake', { kind: 'folder', path: '/srv/lake' }],
    ['file:///srv/the%20lake', { kind: 'folder', path: '/srv/the lake' }],
    ['s3://lake', { kind: 's3', bucket: 'lake', prefix: '', pathStyle: false }],
    ['s3://my-lake/', { kind: 's3', bucket: 'my-lake', prefix: '', pathStyle: false }],
    [
      's3://my.lake/a/b/?region=eu-central-1',
      { kind: 's3', bucket: 'my.lake', prefix: 'a/b/', pathStyle: false, region: 'eu-central-1' },
    ],
    [
      's3://lake?endpoint=http://s3:8333',
      { kind: 's3', bucket: 'lake', prefix: '', pathStyle: true, endpoint: 'http://s3:8333/' },
    ],
    [
      's3://lake?endpoint=https%3A%2F%2Fs3.example.org&path_style=false',
      { kind: 's3', bucket: 'lake', prefix: '', pathStyle: false, endpoint: 'https://s3.example.org/' },
    ],
  ])('reads %s', (url, expected) => {
    expect(parseObjectStoreUrl(url)).toEqual(expected);
  });

  it.each([
    ['', 'neither "file:" nor "s3://"'],
    ['data/lake', 'neither "file:" nor "s3://"'],
    ['gs://bucket', 'neither "file:" nor "s3://"'],
    ['file:', 'names no folder'],
    ['file://host/share', 'another host'],
    ['file:data?x=1', 'no parameters'],
    ['file:data%', 'hexadecimal'],
    ['s3://', 'not a URL|no bucket name'],
    ['s3:lake', 'no bucket name'],
    ['s3://No_Bucket', 'no bucket name'],
    ['s3://ab', 'no bucket name'],
    ['s3://lake/a//b', 'empty segment'],
    ['s3://lake?endpont=http://s3', '"endpont"'],
    ['s3://lake?region=a&region=b', 'twice'],
    ['s3://lake?endpoint=s3:8333', 'no http or https URL'],
    ['s3://lake?region=Europe', 'no region'],
    ['s3://lake?path_style=yes', 'not true or false'],
    [`s3://lake/${'x'.repeat(101)}`, '100 bytes'],
  ])('refuses %j and says why', (url, why) => {
    const expected = { status: 400, code: 'object_store.invalid_url', message: expect.stringMatching(why) };
    expect(() => parseObjectStoreUrl(url)).toThrow(expect.objectContaining(expected));
  });

  it('never repeats credentials that somebody wrote into it', () => {
    const parse = () => parseObjectStoreUrl('s3://AKIAEXAMPLE:hunter2@lake');
    expect(parse).toThrow(/credentials do not belong in it/);
    expect(parse).not.toThrow(/hunter2/);
  });
});
