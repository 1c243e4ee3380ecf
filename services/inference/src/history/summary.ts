import type { ClassifiedItem, InferenceModelRef, PayloadOf, rowsClassified } from '@vindima/contracts';
import { type HistoryRow, timeOf } from './row.ts';

/** What an event tells of some classifications of one version of a model. */
export type Summary = PayloadOf<typeof rowsClassified>;

/** Rows that an event shows; of the others it tells how many there were. */
export const shownItems = 100;

/** Characters of an answer that an event shows with its probabilities: a message has a limit, and holds a hundred items. */
const shownOutput = 4000;

export const toItem = ({ id, class: name, probabilities, output }: HistoryRow): ClassifiedItem => ({
  id,
  at: timeOf(id).toISOString(),
  class: name,
  probabilities: probabilities === null || output.length > shownOutput ? null : { ...probabilities },
});

const keyOf = ({ name, version }: InferenceModelRef) => `${name}@${version}`;

/** Summarises rows by the version that answered them, showing at most `show` of them. */
export const summarise = (rows: readonly HistoryRow[], show: number): Summary[] => {
  const summaries = new Map<string, Summary>();
  let shown = 0;
  for (const row of rows) {
    const model = { name: row.model, version: row.version };
    let summary = summaries.get(keyOf(model));
    if (summary === undefined) {
      summary = { model, count: 0, classes: {}, first_id: row.id, last_id: row.id, items: [] };
      summaries.set(keyOf(model), summary);
    }
    summary.count += 1;
    summary.last_id = row.id;
    if (row.class !== null) summary.classes[row.class] = (summary.classes[row.class] ?? 0) + 1;
    if (shown++ < show) summary.items.push(toItem(row));
  }
  return [...summaries.values()];
};

/** Puts summaries of the same version together. */
export const merge = (summaries: readonly Summary[]): Summary[] => {
  const merged = new Map<string, Summary>();
  for (const { model, count, classes, first_id, last_id, items } of summaries) {
    const into = merged.get(keyOf(model));
    if (into === undefined) {
      merged.set(keyOf(model), {
        model,
        count,
        classes: { ...classes },
        first_id,
        last_id,
        items: items.slice(0, shownItems),
      });
      continue;
    }
    into.count += count;
    for (const [name, rows] of Object.entries(classes)) into.classes[name] = (into.classes[name] ?? 0) + rows;
    if (first_id < into.first_id) into.first_id = first_id;
    if (last_id > into.last_id) into.last_id = last_id;
    into.items.push(...items.slice(0, Math.max(0, shownItems - into.items.length)));
  }
  return [...merged.values()];
};
