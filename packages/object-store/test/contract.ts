import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compareKeys, type ObjectStore } from '../src/index.ts';

export interface StoreUnderTest {
  readonly store: ObjectStore;
  close(): Promise<void>;
}

/** The longest segment that the engine below can hold, in bytes; the port's own limit is 900. */
export interface Limits {
  readonly segmentBytes: number;
}

/** What every object store promises, whatever is below it. */
export function describeObjectStore(name: string, limits: Limits, open: () => Promise<StoreUnderTest>): void {
  describe(name, { timeout: 60_000 }, () => {
    let opened: StoreUnderTest;
    let store: ObjectStore;

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened?.close());
    beforeEach(async () => {
      await inBatches(await listedKeys(), (key) => store.delete(key));
    });

    async function listed(prefix: string) {
      return Array.fromAsync(store.list(prefix));
    }
    async function listedKeys(prefix = '') {
      return (await listed(prefix)).map(({ key }) => key);
    }

    describe('putting and getting', () => {
      it('gives back what was put, and tells of it the same in put, head and list', async () => {
        const put = await store.put('wine/run.parquet', Buffer.from('PAR1'), { contentType: 'application/x-wine' });
        expect(put).toMatchObject({ key: 'wine/run.parquet', size: 4, contentType: 'application/x-wine' });
        expect(Math.abs(Date.now() - put.lastModified.getTime())).toBeLessThan(3_600_000);
        expect(put.etag).toMatch(/^[^"]+$/);
        expect((await store.get('wine/run.parquet')).toString()).toBe('PAR1');
        expect(await store.head('wine/run.parquet')).toEqual({ ...put, lastModified: expect.any(Date) });
        const [entry] = await listed('');
        expect(entry).toEqual({ key: put.key, size: 4, etag: put.etag, lastModified: expect.any(Date) });
      });

      it('replaces an object whole: content, content type and etag', async () => {
        const first = await store.put('a.json', Buffer.from('a longer one'), { contentType: 'text/plain' });
        const second = await store.put('a.json', Buffer.from('short'));
        expect(second.etag).not.toBe(first.etag);
        expect((await store.get('a.json')).toString()).toBe('short');
        expect(await store.head('a.json')).toMatchObject({
          size: 5,
          contentType: 'application/json',
          etag: second.etag,
        });
      });

      it('changes the etag when other content of the same length takes its place', async () => {
        const first = await store.put('a', Buffer.from('one'));
        const second = await store.put('a', Buffer.from('two'));
        expect(second.etag).not.toBe(first.etag);
      });

      it('keeps an empty object, from bytes and from a stream', async () => {
        await store.put('empty', new Uint8Array(0));
        await store.put('empty-stream', Readable.from([]));
        for (const key of ['empty', 'empty-stream']) {
          expect(await store.get(key)).toHaveLength(0);
          expect(await buffer(await store.stream(key))).toHaveLength(0);
          expect(await store.head(key)).toMatchObject({ size: 0 });
        }
      });

      it('tells the content type from the extension unless one is given', async () => {
        await store.put('a.csv', Buffer.from('x'));
        await store.put('a.b/noextension', Buffer.from('x'));
        await store.put('b.csv', Buffer.from('x'), { contentType: 'text/csv; charset=utf-8; header=present' });
        const types = await Promise.all(
          ['a.csv', 'a.b/noextension', 'b.csv'].map(async (key) => (await store.head(key))?.contentType),
        );
        expect(types).toEqual(['text/csv', 'application/octet-stream', 'text/csv; charset=utf-8; header=present']);
      });

      it('stores a view of a larger buffer as the view alone', async () => {
        const bytes = new TextEncoder().encode('..view..');
        await store.put('view', bytes.subarray(2, 6));
        expect((await store.get('view')).toString()).toBe('view');
      });

      it('stores a stream of many small chunks, of several megabytes, byte for byte', async () => {
        const hash = createHash('sha256');
        async function* chunks() {
          for (let index = 0; index < 2_200; index += 1) {
            const chunk = randomBytes(10_000 + (index % 7));
            hash.update(chunk);
            yield chunk;
          }
        }
        const { size } = await store.put('big', Readable.from(chunks()));
        const back = createHash('sha256');
        let read = 0;
        for await (const chunk of await store.stream('big')) {
          read += chunk.length;
          back.update(chunk);
        }
        expect(read).toBe(size);
        expect(back.digest('hex')).toBe(hash.digest('hex'));
      });

      it('stores large bytes that are not a stream', async () => {
        const bytes = randomBytes(20_000_000);
        expect(await store.put('bytes', bytes)).toMatchObject({ size: bytes.length });
        expect((await store.get('bytes')).equals(bytes)).toBe(true);
      });

      it('neither holds a large stream in memory when it is put nor when it is read', async () => {
        // Half the size is far above what either needs (some parts, and what is not yet collected) and below any copy.
        const chunk = Buffer.alloc(1_000_000, 'v');
        const before = process.memoryUsage().arrayBuffers;
        let most = 0;
        const measure = () => {
          most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        };
        async function* chunks() {
          for (let sent = 0; sent < 300; sent += 1) {
            measure();
            yield chunk;
          }
        }
        expect(await store.put('large', Readable.from(chunks()))).toMatchObject({ size: 300_000_000 });
        let read = 0;
        for await (const piece of await store.stream('large')) {
          measure();
          read += piece.length;
        }
        expect(read).toBe(300_000_000);
        expect(most).toBeLessThan(150_000_000);
      });

      it('leaves one of the whole contents when many puts of a key run at once', async () => {
        const contents = Array.from({ length: 12 }, (_, index) => Buffer.alloc(100_000 + index, `${index % 10}`));
        await Promise.all(contents.map((content) => store.put('contested', content)));
        const found = await store.get('contested');
        expect(contents.some((content) => content.equals(found))).toBe(true);
        expect(await listedKeys()).toEqual(['contested']);
      });
    });

    describe('a missing object', () => {
      it('is 404 when read, undefined to head, and no error to delete', async () => {
        const missing = { status: 404, code: 'object_store.not_found' };
        await store.put('there/is', Buffer.from('x'));
        for (const key of ['absent', 'there', 'there/is/not', 'there/is-not', 'deep/down/absent.csv']) {
          await expect(store.get(key)).rejects.toMatchObject(missing);
          await expect(store.stream(key)).rejects.toMatchObject(missing);
          await expect(store.stream(key, { start: 1 })).rejects.toMatchObject(missing);
          expect(await store.head(key)).toBeUndefined();
          await store.delete(key);
        }
        expect(await listedKeys()).toEqual(['there/is']);
      });

      it('is what a deleted one is; deleting leaves its neighbours alone', async () => {
        for (const key of ['a/b/c.csv', 'a/b/d.csv', 'a/b', 'a']) await store.put(key, Buffer.from(key));
        await store.delete('a/b/c.csv');
        await store.delete('a/b');
        expect(await store.head('a/b')).toBeUndefined();
        expect(await listedKeys()).toEqual(['a', 'a/b/d.csv']);
      });
    });

    describe('limits and ranges', () => {
      it('refuses to read an object that is too large', async () => {
        await store.put('a', Buffer.from('12345'));
        expect((await store.get('a', { maximumBytes: 5 })).toString()).toBe('12345');
        const error = { status: 413, code: 'object_store.too_large', details: { size: 5, maximum_bytes: 4 } };
        await expect(store.get('a', { maximumBytes: 4 })).rejects.toMatchObject(error);
      });

      it.each([
        [{ start: 0 }, '0123456789'],
        [{ start: 0, end: 0 }, '0'],
        [{ start: 0, end: 3 }, '0123'],
        [{ start: 4 }, '456789'],
        [{ start: 9 }, '9'],
        [{ start: 9, end: 9 }, '9'],
        [{ start: 3, end: 9_000 }, '3456789'],
      ])('reads the range %j', async (range, expected) => {
        await store.put('digits', Buffer.from('0123456789'));
        expect((await buffer(await store.stream('digits', range))).toString()).toBe(expected);
      });

      it.each([
        { start: 10 },
        { start: 10, end: 20 },
        { start: 4, end: 3 },
        { start: -1 },
        { start: 0.5 },
        { start: Number.NaN },
      ])('refuses the range %j', async (range) => {
        await store.put('digits', Buffer.from('0123456789'));
        const error = { status: 416, code: 'object_store.invalid_range' };
        await expect(store.stream('digits', range)).rejects.toMatchObject(error);
      });

      it('refuses every range of an empty object', async () => {
        await store.put('empty', new Uint8Array(0));
        for (const range of [{ start: 0 }, { start: 0, end: 0 }]) {
          await expect(store.stream('empty', range)).rejects.toMatchObject({ code: 'object_store.invalid_range' });
        }
      });
    });

    describe('keys', () => {
      it.each([
        '',
        '/',
        '/a',
        'a/',
        'a//b',
        '.',
        '..',
        '../a',
        'a/../b',
        'a/./b',
        'a/..',
        'a\\b',
        'a\0b',
        'a\nb',
        'a\u007f',
        'a\u0085',
        '\ud800',
        '\uffff',
        'x'.repeat(901),
        'é'.repeat(451),
      ])('refuses the key %j', async (key) => {
        const error = { status: 400, code: 'object_store.invalid_key' };
        await expect(store.put(key, Buffer.from('x'))).rejects.toMatchObject(error);
        await expect(store.get(key)).rejects.toMatchObject(error);
        await expect(store.stream(key)).rejects.toMatchObject(error);
        await expect(store.head(key)).rejects.toMatchObject(error);
        await expect(store.delete(key)).rejects.toMatchObject(error);
      });

      it('refuses a key of megabytes without showing it whole', async () => {
        const refused = await store.head('x'.repeat(2_000_000)).catch((error: Error) => error);
        expect(refused).toMatchObject({ code: 'object_store.invalid_key' });
        expect((refused as Error).message.length).toBeLessThan(300);
      });

      it('keeps odd keys apart, gives each back, and lists them by their UTF-8 bytes', async () => {
        const long = 'l'.repeat(limits.segmentBytes);
        const keys = [
          'a',
          'A',
          'a/b',
          'a/b/c',
          'a.b',
          'a.b/c',
          'a.b/c.d/e',
          'a-b',
          'a!',
          'a0',
          'a%',
          'a%/b',
          'a%-',
          'a%2Fb',
          '%',
          '%%',
          '%61',
          '%-',
          '.%temporary',
          '.%content-types/x',
          '.hidden',
          '.hidden/.x',
          '...',
          '..a',
          'a..',
          'a./b',
          'dot.',
          'space ',
          ' space',
          ' ',
          'a b/c d',
          'q?x=1&y=2',
          'h#1',
          'p+q',
          'p q',
          'a*b',
          'c:d',
          '<x>',
          '"q"',
          "'",
          '|',
          '~',
          'caf\u00e9',
          'cafe\u0301',
          'vinho/\u00e9.csv',
          '🍇',
          '🍇/🍷.json',
          '\uff5a',
          'con',
          'NUL.txt',
          '1',
          '01',
          '1e3',
          'true',
          'null',
          '&amp;',
          '@=,;[]{}^`()$',
          `${long}`,
          `${long}/x`,
          `${long.slice(0, -1)}m`,
          `${long.slice(0, -1)}`,
          `${long.slice(0, -4)}.csv`,
          'x'.repeat(Math.min(limits.segmentBytes, 240)),
          'x'.repeat(Math.min(limits.segmentBytes, 241)),
          '\u00e9'.repeat(Math.floor(limits.segmentBytes / 2)),
          `${'deep/'.repeat(150)}file.csv`,
          'wine/production/processing_date=2025-05-09/run.parquet',
        ];
        for (const key of keys) await store.put(key, Buffer.from(key));
        expect(await listedKeys()).toEqual([...new Set(keys)].toSorted(compareKeys));
        for (const key of keys) {
          expect((await store.get(key)).toString()).toBe(key);
          expect(await store.head(key)).toMatchObject({ key, size: Buffer.byteLength(key) });
        }
        for (const key of keys) await store.delete(key);
        expect(await listedKeys()).toEqual([]);
      });
    });

    describe('listing', () => {
      it('takes any beginning of a key as the prefix', async () => {
        const keys = ['wine', 'wine.csv', 'wine/a', 'wine/ab', 'wine/b.d/x', 'winery/a', 'x'];
        for (const key of keys) await store.put(key, Buffer.from('x'));
        expect(await listedKeys('wine')).toEqual(keys.slice(0, 6));
        expect(await listedKeys('wine/')).toEqual(['wine/a', 'wine/ab', 'wine/b.d/x']);
        expect(await listedKeys('wine/a')).toEqual(['wine/a', 'wine/ab']);
        expect(await listedKeys('wine/b.d/')).toEqual(['wine/b.d/x']);
        expect(await listedKeys('wine/a/')).toEqual([]);
        expect(await listedKeys('nothing/like/that')).toEqual([]);
        expect(await listedKeys('..')).toEqual([]);
      });

      it.each(['/', '../', 'a/../', '//', 'a\0', 'x'.repeat(901)])('refuses the prefix %j', async (prefix) => {
        await expect(listed(prefix)).rejects.toMatchObject({ status: 400, code: 'object_store.invalid_key' });
      });

      it('goes on past the thousand objects that S3 lists at a time, and can be left early', async () => {
        const keys = Array.from({ length: 1_205 }, (_, index) => `many/${String(index).padStart(5, '0')}`);
        await inBatches(keys, (key) => store.put(key, Buffer.from('x')));
        expect(await listedKeys('many/')).toEqual(keys);
        for await (const { key } of store.list('many/')) {
          if (key === 'many/00003') break;
        }
      });
    });

    describe('a put that does not come to its end', () => {
      it("leaves nothing, or the older object, when the stream fails, and throws the stream's error", async () => {
        await store.put('kept', Buffer.from('older'));
        for (const bytes of [10, 6_000_000, 20_000_000]) {
          for (const key of ['kept', 'absent']) {
            // Looks like the store's own file system failing, and must still be the caller's error.
            const broken = Object.assign(new Error('the source broke'), { code: 'EIO', errno: -5, syscall: 'read' });
            const source = failing(bytes, broken);
            await expect(store.put(key, source)).rejects.toBe(broken);
            expect(source.destroyed).toBe(true);
          }
        }
        expect((await store.get('kept')).toString()).toBe('older');
        expect(await listedKeys()).toEqual(['kept']);
      });

      it('leaves nothing when it is aborted, before or meanwhile, and throws the reason', async () => {
        for (const bytes of [0, 10, 20_000_000]) {
          const controller = new AbortController();
          const source = hanging(bytes);
          const reason = new Error('the caller went away');
          if (bytes === 0) controller.abort(reason);
          const put = store.put('aborted', source, { signal: controller.signal });
          put.catch(() => {});
          await wait(bytes === 0 ? 0 : 300);
          controller.abort(reason);
          await expect(put).rejects.toBe(reason);
          expect(source.destroyed).toBe(true);
        }
        const bytes = store.put('aborted', Buffer.alloc(1_000), { signal: AbortSignal.abort(new Error('too late')) });
        await expect(bytes).rejects.toThrow('too late');
        expect(await store.head('aborted')).toBeUndefined();
        expect(await listedKeys()).toEqual([]);
      });

      it('destroys the stream when the key is refused', async () => {
        const source = hanging(10);
        await expect(store.put('../x', source)).rejects.toMatchObject({ code: 'object_store.invalid_key' });
        expect(source.destroyed).toBe(true);
      });
    });

    it('says that it can be used', async () => {
      await expect(store.check()).resolves.toBeUndefined();
    });
  });
}

async function inBatches(keys: readonly string[], work: (key: string) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < keys.length; index += 25) await Promise.all(keys.slice(index, index + 25).map(work));
}

function failing(bytes: number, error: Error): Readable {
  async function* chunks() {
    for (let sent = 0; sent < bytes; sent += 1_000_000) yield Buffer.alloc(Math.min(1_000_000, bytes - sent));
    throw error;
  }
  return Readable.from(chunks());
}

/** Sends so much and then neither goes on nor ends. */
function hanging(bytes: number): Readable {
  let left = bytes;
  return new Readable({
    read(size) {
      const chunk = Buffer.alloc(Math.min(size, left));
      left -= chunk.length;
      if (chunk.length > 0) this.push(chunk);
    },
  });
}
