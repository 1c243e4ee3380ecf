import { describe, expect, it } from 'vitest';
import { createFairQueue } from '../../src/engine/fair-queue.ts';

/** A queue whose requests write down what became of them. */
const queueOf = (most: number) => {
  const queue = createFairQueue(most);
  const refused: string[] = [];
  const add = (...names: string[]) =>
    names.map((name) => {
      const waiting = { caller: name.slice(0, 3), begin: () => {}, refuse: () => refused.push(name), name };
      queue.add(waiting);
      return waiting;
    });
  const next = () => (queue.next() as { name?: string } | undefined)?.name;
  const rest = () => Array.from({ length: 20 }, next).filter((name) => name !== undefined);
  return { queue, refused, add, next, rest };
};

describe('a fair queue', () => {
  it('takes turns between callers, and keeps the order of each', () => {
    const { add, rest } = queueOf(10);
    add('ana1', 'ana2', 'ana3', 'bob1', 'cem1', 'bob2');
    expect(rest()).toEqual(['ana1', 'bob1', 'cem1', 'ana2', 'bob2', 'ana3']);
  });

  it('prefers whoever has the fewest engines', () => {
    const { queue, add, next } = queueOf(10);
    queue.began('ana');
    queue.began('ana');
    add('ana3', 'ana4', 'bob1');
    queue.ended('ana');
    expect(next()).toBe('bob1');
    expect(next()).toBe('ana3');
  });

  it('is no place that one caller can fill: the newest of who waits most makes room', () => {
    const { refused, add, rest } = queueOf(3);
    add('ana1', 'ana2', 'ana3', 'ana4');
    expect(refused).toEqual(['ana4']);
    add('bob1', 'cem1', 'dee1');
    expect(refused).toEqual(['ana4', 'ana3', 'ana2', 'dee1']);
    expect(rest()).toEqual(['ana1', 'bob1', 'cem1']);
  });

  it('forgets who has gone, and has room for none where it may hold none', () => {
    const { queue, add, rest } = queueOf(10);
    const [first, second] = add('ana1', 'ana2', 'bob1');
    if (first === undefined || second === undefined) throw new Error('nobody waits');
    queue.remove(first);
    queue.remove(first);
    queue.remove(second);
    expect(rest()).toEqual(['bob1']);
    const none = queueOf(0);
    none.add('ana1');
    expect(none.refused).toEqual(['ana1']);
  });
});
