/** A request that waits for an engine. */
export interface Waiting {
  readonly caller: string;
  begin(): void;
  /** There are too many. */
  refuse(): void;
}

/**
 * Requests that wait, shared fairly between callers: next is the oldest request of whoever has the fewest engines, and of those of whoever was
 * served longest ago. When it is full, the newest request of whoever waits most makes room for another's.
 */
export const createFairQueue = (most: number) => {
  /** Who was served last stands last. */
  const lines = new Map<string, Waiting[]>();
  const engines = new Map<string, number>();
  let length = 0;

  const take = (waiting: Waiting | undefined): Waiting | undefined => {
    if (waiting === undefined) return undefined;
    const line = lines.get(waiting.caller) ?? [];
    const place = line.indexOf(waiting);
    if (place < 0) return undefined;
    line.splice(place, 1);
    length -= 1;
    if (line.length === 0) lines.delete(waiting.caller);
    return waiting;
  };
  const longestLine = () =>
    [...lines.values()].reduce((longest, line) => (line.length > longest.length ? line : longest));
  const enginesOf = (caller: string) => engines.get(caller) ?? 0;

  return {
    /** A request that there is no room for is refused. */
    add: (waiting: Waiting): void => {
      const own = lines.get(waiting.caller) ?? [];
      if (length >= most) {
        if (length === 0 || longestLine().length <= own.length + 1) {
          waiting.refuse();
          return;
        }
        take(longestLine().at(-1))?.refuse();
      }
      lines.set(waiting.caller, [...own, waiting]);
      length += 1;
    },
    /** For one whose client has gone. */
    remove: (waiting: Waiting): void => void take(waiting),
    /** Takes out whoever is next. */
    next: (): Waiting | undefined => {
      if (length === 0) return undefined;
      const [caller, line] = [...lines].reduce((best, other) =>
        enginesOf(other[0]) < enginesOf(best[0]) ? other : best,
      );
      const waiting = take(line[0]);
      const others = lines.get(caller);
      if (others !== undefined) {
        lines.delete(caller);
        lines.set(caller, others);
      }
      return waiting;
    },
    /** Counts the engines that each caller has. */
    began: (caller: string): void => void engines.set(caller, enginesOf(caller) + 1),
    ended: (caller: string): void => {
      const left = enginesOf(caller) - 1;
      if (left > 0) engines.set(caller, left);
      else engines.delete(caller);
    },
  };
};
