import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { ServiceError } from '@vindima/contracts';
import { describe, expect, test } from 'vitest';
import { convertPickle, type PickleLimits } from '../../src/sklearn/index.ts';
import { array, dtype, float64, object, op, pickle } from './opcodes.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

/** @returns code and message of the refusal; anything else than a refusal of ours fails the test. */
async function refusal(bytes: Uint8Array, limits: Partial<PickleLimits> = {}): Promise<string> {
  try {
    const { origin } = await convertPickle(bytes, { limits });
    return `converted ${origin.class}`;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status !== 422) throw error;
    return `${error.code}: ${error.message}`;
  }
}

describe('code in pickles', () => {
  const marker = join(tmpdir(), `vindima-pickle-${process.pid}`);
  const command = `S'touch ${marker}'\n`;

  test.each([
    ['os.system', pickle('cos\nsystem\n(', command, 'tR.')],
    ['posix.system', pickle(op.proto(2), 'cposix\nsystem\n', op.unicode(`touch ${marker}`), op.tuple(1), 'R.')],
    ['nt.system', pickle('cnt\nsystem\n(', command, 'tR.')],
    ['subprocess.Popen', pickle(op.proto(4), op.unicode('subprocess'), op.unicode('Popen'), op.stackGlobal, ')R.')],
    ['os.system', pickle('(', command, 'ios\nsystem\n.')],
    ['os.system', pickle('(cos\nsystem\n', command, 'o.')],
    ['builtins.eval', pickle('cbuiltins\neval\n(S\'__import__("os")\'\ntR.')],
    ['__builtin__.eval', pickle("c__builtin__\neval\n(S'1'\ntR.")],
    ['builtins.exec', pickle("cbuiltins\nexec\n(S'1'\ntR.")],
    ['builtins.getattr', pickle("cbuiltins\ngetattr\n(cos\nsystem\nS'x'\ntR.")],
    ['builtins.__import__', pickle("cbuiltins\n__import__\n(S'os'\ntR.")],
    ['operator.attrgetter', pickle("coperator\nattrgetter\n(S'system'\ntR.")],
    ['types.CodeType', pickle('ctypes\nCodeType\n)R.')],
    ['numpy.load', pickle("cnumpy\nload\n(S'/etc/passwd'\ntR.")],
    ['numpy.testing._private.utils.runstring', pickle("cnumpy.testing._private.utils\nrunstring\n(S'1'\ntR.")],
    ['pandas.eval', pickle("cpandas\neval\n(S'1'\ntR.")],
    ['joblib.load', pickle("cjoblib\nload\n(S'x'\ntR.")],
    [
      'sklearn.tree._classes.os.system',
      pickle(op.proto(4), op.unicode('sklearn.tree'), op.unicode('_classes.os.system'), op.stackGlobal, '.'),
    ],
    [
      'sklearn.metrics._scorer.x.__globals__',
      pickle(op.proto(4), op.unicode('sklearn.metrics._scorer'), op.unicode('x.__globals__'), op.stackGlobal, '.'),
    ],
    ['torch.storage._load_from_bytes', pickle('ctorch.storage\n_load_from_bytes\n)R.')],
  ])('%s is refused by name and does nothing', async (name, bytes) => {
    expect(await refusal(bytes)).toBe(
      `inference.unsupported_pickle: The file contains ${name}, which is not supported.`,
    );
    expect(existsSync(marker)).toBe(false);
  });

  test('calls of known names call nothing: they are names', async () => {
    const scorer = pickle('csklearn.metrics._scorer\nmake_scorer\n(', command, 'tR.');
    expect(await refusal(scorer)).toContain('holds an object of sklearn.metrics._scorer.make_scorer');
    expect(existsSync(marker)).toBe(false);
  });

  test('names are shown without control characters, and cut', async () => {
    expect(await refusal(pickle('cevil\u001b[31m\nx\n.'))).toContain('contains evil?[31m.x,');
    expect((await refusal(pickle(`c${'a'.repeat(100_000)}\nx\n.`))).length).toBeLessThan(400);
  });

  test.each([
    ['a persistent id', 'Pid\n.'],
    ['a persistent id from the stack', "S'x'\nQ."],
    ['an extension code', '\x82\x01.'],
    ['an out-of-band buffer', '\x97.'],
    ['a later protocol', '\x80\x06.'],
  ])('%s is refused', async (_, text) => {
    expect(await refusal(pickle(text))).toContain('inference.unsupported_pickle');
  });
});

describe('pickles that would cost much', () => {
  test.each([
    ['nested tuples', pickle(')', '\x85'.repeat(1_000_000), '.')],
    ['nested lists', pickle(']'.repeat(100_000), 'a'.repeat(99_999), '.')],
    ['nested dictionaries', pickle("}S'k'\n".repeat(50_000), '}', 's'.repeat(50_000), '.')],
    [
      'nested objects',
      pickle('csklearn.svm\nSVC\n', ')\x81'.repeat(1), 'csklearn.svm\nSVC\n0', '\x85'.repeat(1_000), '.'),
    ],
    ['marks', pickle('('.repeat(1_000_000), '.')],
  ])('%s without end are refused', { timeout: 60_000 }, async (_, bytes) => {
    expect(await refusal(bytes)).toBe('inference.pickle_limit_exceeded: The pickle has more than 200 levels.');
  });

  test('a list within itself ends', async () => {
    expect(await refusal(pickle(']q\x00h\x00a.'))).toMatch(/^inference\./);
    expect(await refusal(pickle(']q\x00', 'h\x00a'.repeat(1_000), '.'))).toMatch(/^inference\./);
  });

  test('lists that double at each level stay what they are: references', async () => {
    let text = ']q\x00';
    for (let level = 1; level < 100; level += 1)
      text += `](${`h${String.fromCharCode(level - 1)}`.repeat(10)}eq${String.fromCharCode(level)}`;
    expect(await refusal(pickle(text, '.'))).toContain('holds a list or tuple');
  });

  test('memo indices may be huge, and cost nothing', async () => {
    expect(await refusal(pickle('Nr\xff\xff\xff\xff.'))).toContain('holds nothing');
    expect(await refusal(pickle('Np99999999999999999999\n.'))).toContain('holds nothing');
    expect(await refusal(pickle('h\x07.'))).toContain('inference.invalid_pickle');
  });

  test('instructions are counted', async () => {
    expect(await refusal(pickle('N', '2'.repeat(10_000), '.'), { maxOperations: 5_000 })).toContain(
      '5000 instructions',
    );
    expect(await refusal(pickle('N', '20'.repeat(100_000), '.'), { maxMilliseconds: -1 })).toContain('milliseconds');
  });

  test('what a few bytes copy again and again is counted', async () => {
    const text = pickle('X', Buffer.from(Uint32Array.of(1_000_000).buffer), 'a'.repeat(1_000_000), 'q\x000');
    const encode = '(h\x00X\x06\x00\x00\x00latin1tR';
    const encoded = pickle('c_codecs\nencode\nq\x010', text, `h\x01${encode}`.repeat(10_000), '.');
    expect(await refusal(encoded)).toContain('20000000 instructions');
    const list = pickle(']q\x00(', 'N'.repeat(1_000_000), 'e0');
    const sets = pickle('cbuiltins\nset\nq\x010', list, 'h\x01h\x00\x85R0'.repeat(10_000), '.');
    expect(await refusal(sets)).toContain('20000000 instructions');
  });

  test.each([
    ['a text', 'X\xff\xff\xff\xff'],
    ['a text of 2^63', `\x8d${'\xff'.repeat(8)}`],
    ['bytes of 2^63', `\x8e${'\xff'.repeat(7)}\x7f`],
    ['a byte array', `\x96${'\xff'.repeat(8)}`],
    ['a frame', `\x95${'\xff'.repeat(8)}`],
    ['a negative length', 'T\xff\xff\xff\xff'],
    ['an integer of two gigabytes', '\x8b\xff\xff\xff\x7f'],
    ['an integer of negative length', '\x8b\xff\xff\xff\xff'],
    ['an integer of a thousand digits', `I${'9'.repeat(1_000)}\n`],
    ['a line', `V${'a'.repeat(1_000)}`],
  ])('%s longer than the file is refused', async (_, text) => {
    expect(await refusal(pickle(text, '.'))).toContain('inference.invalid_pickle');
  });

  test.each([
    ['more elements than bytes', array(dtype('f8'), [2 ** 20, 2 ** 20], float64([1]))],
    ['more elements than can be counted', array(dtype('f8'), [2 ** 40, 2 ** 40], float64([1]))],
    ['a negative size', array(dtype('f8'), [-1, -1], float64([1]))],
    ['a size beyond exact numbers', array(dtype('f8'), [2n ** 70n], float64([1]))],
    ['elements without a size', array(dtype('V0'), [2 ** 40], float64([]))],
    ['texts without a size', array(dtype('U0'), [2 ** 40], float64([]))],
    ['33 dimensions', array(dtype('f8'), new Array<number>(33).fill(1), float64([1]))],
  ])('an array of %s is refused', async (_, bytes) => {
    expect(await refusal(pickle(bytes, op.stop))).toContain('inference.invalid_pickle');
  });

  test('a file larger than allowed is refused before it is read', async () => {
    expect(await refusal(pickle('N', '0N'.repeat(100), '.'), { maxBytes: 100 })).toContain('more than 100 bytes');
  });

  test('a decompression bomb stops at the limit', { timeout: 60_000 }, async () => {
    const zeros = Buffer.alloc(50_000_000);
    for (const packed of [deflateSync(zeros), gzipSync(zeros)]) {
      expect(await refusal(packed, { maxUncompressedBytes: 1_000_000 })).toContain('more than 1000000 bytes');
    }
    // 40 MB of zeros by bzip2 and xz, as joblib writes them.
    for (const file of ['bomb.bz2', 'bomb.xz']) {
      const packed = readFileSync(join(import.meta.dirname, 'bombs', file));
      expect(packed.length).toBeLessThan(10_000);
      expect(await refusal(packed, { maxUncompressedBytes: 1_000_000 })).toContain('more than 1000000 bytes');
    }
  });

  test('a polynomial of endless degree is refused', async () => {
    const scaled = object('sklearn.preprocessing._data', 'PolynomialFeatures', {
      degree: op.integer(2 ** 31 - 1),
      n_features_in_: op.integer(1_000),
    });
    const steps = pickle(']', op.unicode('a'), scaled, op.tuple(2), 'a', op.unicode('b'), scaled, op.tuple(2), 'a');
    const bytes = pickle(op.proto(2), object('sklearn.pipeline', 'Pipeline', { steps }), op.stop);
    expect(await refusal(bytes)).toContain('inference.pickle_limit_exceeded');
  });
});

describe('models that are small in the file and large outside of it', () => {
  test('a union of unions that doubles at each level is refused', async () => {
    // Each level is the one before, twice, by reference.
    let text = pickle(object('sklearn.preprocessing._data', 'Normalizer', { norm: op.unicode('l2') }), 'q\x00');
    for (let level = 0; level < 15; level += 1) {
      const before = pickle('h', Buffer.from([level]));
      const twice = pickle('(', op.unicode('a'), before, op.tuple(2), op.unicode('b'), before, op.tuple(2), 'l');
      const union = object('sklearn.pipeline', 'FeatureUnion', { transformer_list: twice });
      text = pickle(text, '0', union, 'q', Buffer.from([level + 1]));
    }
    const steps = pickle('(', op.unicode('u'), 'h\x0f', op.tuple(2), op.unicode('m'), 'h\x00', op.tuple(2), 'l');
    const pipeline = object('sklearn.pipeline', 'Pipeline', { steps, n_features_in_: op.integer(2) });
    expect(await refusal(pickle(text, '0', pipeline, op.stop))).toContain('more than 1000 estimators');
  });

  test('a pipeline within itself is refused', async () => {
    const own = pickle('csklearn.pipeline\nPipeline\n)\x81q\x00}(', op.unicode('n_features_in_'), op.integer(2));
    const steps = pickle(op.unicode('steps'), '(', op.unicode('a'), 'h\x00', op.tuple(2), 'l');
    expect(await refusal(pickle(op.proto(2), own, steps, 'ub.'))).toContain(
      'more than 20 estimators within estimators',
    );
  });

  test('a forest of one tree a thousand times is counted by its nodes', async () => {
    const forest = readFileSync(
      join(fixtures, readdirSync(fixtures).find((file) => file.startsWith('forest-many-trees')) ?? ''),
    );
    expect(await refusal(forest, { maxTreeNodes: 100 })).toContain('more than 100 nodes of trees');
  });
});

describe('files that are something else', () => {
  test.each([
    ['an empty file', '', 'ends too early'],
    ['a table', 'a,b\n1,2\n', 'inference.invalid_pickle'],
    ['a ZIP archive', 'PK\u0003\u0004....', 'is a ZIP archive'],
    ['an HDF5 file', '\u0089HDF\r\n\u001a\n', 'is an HDF5 file'],
    ['an LZMA file', ']\0\0\u0080\0', 'is compressed with LZMA'],
    ['an LZ4 file', '\u0004"M\u0018dp', 'is compressed with LZ4'],
    ['an old joblib file', 'ZF0x1a', 'joblib before 0.10'],
    ['a numpy file', '\u0093NUMPY\u0001', 'is a numpy array'],
    ['a broken gzip file', '\u001f\u008b\u0008\0\0\0', 'gzip data is broken'],
    ['a broken bzip2 file', 'BZh91AY&SYxxxxxxxx', 'bzip2 data is broken'],
    ['a broken xz file', '\u00fd7zXZ\0\0\0\0\0\0\0', 'xz data is broken'],
    ['a broken zlib file', 'x\u009cxxxx', 'zlib data is broken'],
    ['a number', 'K\u0001.', 'holds a number'],
    ['a dictionary', '}.', 'holds a dictionary'],
    ['a model that was not fitted', object('sklearn.svm', 'SVC', {}).toString('latin1').concat('.'), 'was it fitted?'],
  ])('%s is refused with its name', async (_, text, reason) => {
    expect(await refusal(Buffer.from(text, 'latin1'))).toContain(reason);
  });
});

describe('files cut off', () => {
  const bySize = readdirSync(fixtures)
    .map((file) => ({ file, size: statSync(join(fixtures, file)).size }))
    .sort((one, other) => one.size - other.size);
  const ways = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'joblib', 'zlib', 'gzip', 'bz2', 'xz'];
  const smallest = ways.map((way) => bySize.find(({ file }) => file.includes(`.${way}.`))?.file ?? way);

  test.each(smallest)('%s is refused wherever it ends', { timeout: 120_000 }, async (file) => {
    const bytes = readFileSync(join(fixtures, file));
    // At every byte; of the compressed ones, which all take the same way to an error, at every ninth.
    const step = /\.(zlib|gzip|bz2|xz)\./.test(file) ? 9 : 1;
    for (let length = 0; length < bytes.length; length += step) {
      const answer = await refusal(bytes.subarray(0, length));
      // bzip2 and xz end with checks of their own, behind the last byte of the pickle.
      expect(answer).toMatch(/\.(bz2|xz)\./.test(file) ? /^(inference\.|converted)/ : /^inference\./);
    }
  });
});
