import type { DatasetWarning } from '@vindima/contracts';

const shown = 100;

/** Collects warnings; of each code the first hundred are kept, and one more says how many there were. */
export interface Warnings {
  add(warning: DatasetWarning): void;
  list(): DatasetWarning[];
}

export const createWarnings = (): Warnings => {
  const kept: DatasetWarning[] = [];
  const counts = new Map<string, number>();
  return {
    add: (warning) => {
      const count = (counts.get(warning.code) ?? 0) + 1;
      counts.set(warning.code, count);
      if (count <= shown) kept.push(warning);
    },
    list: () => [
      ...kept,
      ...[...counts]
        .filter(([, count]) => count > shown)
        .map(([code, count]) => ({ code, message: `${count} warnings of this kind; the first ${shown} are listed` })),
    ],
  };
};
