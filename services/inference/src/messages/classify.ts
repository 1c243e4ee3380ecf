import { type ClassifiedItem, classifyRows, rowsClassified } from '@vindima/contracts';
import type { RowOutcome } from '../classify/desk.ts';
import { insertClassifications } from '../history/database-sink.ts';
import { shownItems, summarise, toItem } from '../history/summary.ts';
import type { Ports } from '../ports.ts';

/**
 * `commands.inference.classify`: the answer is an event of its own, in one transaction with the history. A row that is not valid is answered
 * too: with what is wrong. While no model is loaded the message waits and comes again.
 */
export const handleClassify = ({ context: { messages }, desk, registry }: Ports) =>
  messages.on(classifyRows, async ({ id, model, input }, { transaction, message }) => {
    const rows = Array.isArray(input) ? input : [input];
    const lease = await registry.lease(model ?? desk.currentModel());
    let outcomes: RowOutcome[];
    try {
      outcomes = await desk.many(lease, rows, 'command');
    } finally {
      lease.release();
    }
    const recorded = outcomes.flatMap((outcome) => ('row' in outcome ? [outcome.row] : []));
    await insertClassifications(transaction, recorded, []);
    const commandId = id ?? message.id;
    for (let start = 0; start < outcomes.length; start += shownItems) {
      const part = outcomes.slice(start, start + shownItems);
      const answered = part.flatMap((outcome) => ('row' in outcome ? [outcome.row] : []));
      const [summary] = summarise(answered, 0);
      await messages.send(transaction, rowsClassified, {
        ...(summary ?? { model: lease.ref, count: 0, classes: {}, first_id: '', last_id: '' }),
        items: part.map((outcome, index) => toAnswer(outcome, commandId, start + index)),
      });
    }
  });

const toAnswer = (outcome: RowOutcome, commandId: string, row: number): ClassifiedItem => {
  const place = { command_id: commandId, row };
  if ('row' in outcome) return { ...toItem(outcome.row), ...place };
  const { code, message } = outcome.error;
  const error = { code, error: message.slice(0, 2000) };
  return { ...place, id: '', at: new Date().toISOString(), class: null, probabilities: null, error };
};
