import { invalidPickle, pickleLimitExceeded } from '../errors.ts';
import type { PickleLimits } from '../limits.ts';
import type { ByteReader } from './byte-reader.ts';
import type { Value } from './values.ts';

/** The state of the little stack machine that a pickle is a program for. */
export type Machine = ReturnType<typeof createMachine>;

/** What pickles within one file share: a joblib file holds several, and its limits are those of the whole file. */
export interface Meter {
  readonly limits: PickleLimits;
  /** @param copied bytes or elements that the instruction copies: a few bytes of a pickle can ask for a large text again and again */
  readonly countOperation: (copied?: number) => void;
}

const operationsBetweenLooks = 8192;

/** Bytes that may be copied for one instruction. Honest pickles of the old protocols copy each of their bytes once. */
const copiedAtOnce = 64;

/** @throws ServiceError 422 `inference.pickle_limit_exceeded`, from `countOperation`, when the file costs too much. */
export function createMeter(limits: PickleLimits): Meter {
  const deadline = performance.now() + limits.maxMilliseconds;
  let operations = 0;
  let nextLook = operationsBetweenLooks;
  return {
    limits,
    countOperation(copied = 0) {
      operations += 1 + copied / copiedAtOnce;
      if (operations > limits.maxOperations) throw pickleLimitExceeded('instructions', limits.maxOperations);
      if (operations < nextLook) return;
      nextLook = operations + operationsBetweenLooks;
      if (performance.now() > deadline) throw pickleLimitExceeded('milliseconds of work', limits.maxMilliseconds);
    },
  };
}

export function createMachine(reader: ByteReader, meter: Meter) {
  const stack: Value[] = [];
  const marks: number[] = [];
  const memo = new Map<number, Value>();
  const depths = new WeakMap<object, number>();
  const { maxDepth } = meter.limits;

  function depthOf(value: Value): number {
    return typeof value === 'object' && value !== null ? (depths.get(value) ?? 0) : 0;
  }

  function bottom(): number {
    return marks.at(-1) ?? 0;
  }

  return {
    reader,
    meter,
    memo,
    /** The highest protocol that the pickle says it has. */
    protocol: 0,
    result: undefined as Value | undefined,

    push(value: Value): void {
      stack.push(value);
    },

    pop(): Value {
      const value = stack.length > bottom() ? stack.pop() : undefined;
      if (value === undefined) throw invalidPickle('it takes a value where there is none');
      return value;
    },

    top(): Value {
      const value = stack.length > bottom() ? stack.at(-1) : undefined;
      if (value === undefined) throw invalidPickle('it takes a value where there is none');
      return value;
    },

    mark(): void {
      if (marks.length >= maxDepth) throw pickleLimitExceeded('levels', maxDepth);
      marks.push(stack.length);
    },

    /** Takes everything above the last mark, and the mark. */
    popToMark(): Value[] {
      const mark = marks.pop();
      if (mark === undefined) throw invalidPickle('it goes back to a mark where there is none');
      return stack.splice(mark);
    },

    /** POP takes a mark when that is what is on top. */
    popValueOrMark(): void {
      if (marks.length > 0 && bottom() === stack.length) marks.pop();
      else if (stack.pop() === undefined) throw invalidPickle('it takes a value where there is none');
    },

    /** Notes that `parts` are now within `whole`, and refuses what is nested too deep. */
    nest(whole: object, parts: Iterable<Value>): void {
      let depth = depths.get(whole) ?? 1;
      for (const part of parts) depth = Math.max(depth, depthOf(part) + 1);
      if (depth > maxDepth) throw pickleLimitExceeded('levels', maxDepth);
      depths.set(whole, depth);
    },
  };
}
