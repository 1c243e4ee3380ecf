/** What is learned of a column of the model's input while the estimators that read it are converted. */
export interface InputNote {
  /** A missing value is one that the model knows. */
  readonly missing: boolean;
  /** False: nothing reads it. */
  readonly used: boolean;
  /** What the column was in training, where the model looks it up; null stands for missing. */
  readonly categories: readonly (string | number | null)[] | null;
  /** Another category is refused, or none of them. */
  readonly unknown: 'error' | 'ignore';
}

export interface InputNotes {
  use(raw: number | null): void;
  takesMissing(raw: number | null): void;
  looksUp(raw: number | null, categories: InputNote['categories'], unknown: InputNote['unknown']): void;
  readonly texts: ReadonlySet<number>;
  wantText(raw: number): void;
  /** Columns in which Python's None was no missing value in training but a category. */
  readonly nones: ReadonlySet<number>;
  keepNone(raw: number | null): void;
  of(raw: number): InputNote;
}

export const createInputNotes = (): InputNotes => {
  const used = new Set<number>();
  const missing = new Set<number>();
  const texts = new Set<number>();
  const nones = new Set<number>();
  const lookups = new Map<number, Pick<InputNote, 'categories' | 'unknown'>>();
  const adder = (set: Set<number>) => (raw: number | null) => {
    if (raw !== null) set.add(raw);
  };
  return {
    use: adder(used),
    takesMissing: adder(missing),
    wantText: adder(texts),
    keepNone: adder(nones),
    looksUp: (raw, categories, unknown) => {
      if (raw !== null && !lookups.has(raw)) lookups.set(raw, { categories, unknown });
    },
    texts,
    nones,
    of: (raw) => ({
      missing: missing.has(raw),
      used: used.has(raw),
      ...(lookups.get(raw) ?? { categories: null, unknown: 'ignore' }),
    }),
  };
};
