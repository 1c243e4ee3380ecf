import type { Fault } from './schema.ts';

/** The failures that are switched on. The one switched on last wins; `take` counts `times` down. */
export const createFaults = () => {
  let switched: Fault[] = [];
  const matches = (fault: Fault, path: string) =>
    fault.path.endsWith('*') ? path.startsWith(fault.path.slice(0, -1)) : fault.path === path;
  return {
    list: (): readonly Fault[] => switched,
    add(fault: Fault) {
      switched = [fault, ...switched.filter((other) => other.path !== fault.path)];
    },
    /** Removes the failures of one path as it was given, or all of them. */
    remove(path?: string) {
      switched = path === undefined ? [] : switched.filter((fault) => fault.path !== path);
    },
    /** @returns the failure that this request meets. */
    take(path: string): Fault | undefined {
      const fault = switched.find((candidate) => matches(candidate, path));
      if (fault?.times === undefined) return fault;
      switched = switched
        .map((other) =>
          other === fault ? { ...other, times: fault.times === undefined ? 0 : fault.times - 1 } : other,
        )
        .filter((other) => other.times === undefined || other.times > 0);
      return fault;
    },
  };
};
