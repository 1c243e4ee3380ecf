import {
  type ClassifiedItem,
  classifyRows,
  type InferenceModelRef,
  type PayloadOf,
  rowsClassified,
  ServiceError,
} from '@vindima/contracts';
import { type Delivery, PoisonMessage } from '@vindima/messaging';
import type { RowOutcome } from '../classify/desk.ts';
import { insertClassifications } from '../history/database-sink.ts';
import { shownItems, summarise, toItem } from '../history/summary.ts';
import type { Ports } from '../ports.ts';
import { killReasonOf } from '../runtime/limits.ts';

type Command = PayloadOf<typeof classifyRows>;

interface Answered {
  readonly commandId: string;
  readonly model: InferenceModelRef;
  readonly outcomes: readonly RowOutcome[];
}

/** A message whose run had to be ended may come once more. */
const attemptsOfKillers = 2;

/**
 * `commands.inference.classify`: the answer is an event of its own, in one transaction with the history. The model runs before that
 * transaction. A row that is not valid is answered too: with what is wrong. While no model is loaded the message waits and comes again; one
 * that ends the process of its model goes to the dead letters after its second try.
 */
export const handleClassify = ({ context: { messages }, desk, registry }: Ports) => {
  const classify = async ({ id, model, input }: Command, { id: messageId }: Delivery): Promise<Answered> => {
    const rows = Array.isArray(input) ? input : [input];
    const lease = await registry.lease(model ?? desk.currentModel());
    try {
      const outcomes = await desk.many(lease, rows, 'command');
      const killed = outcomes.find((outcome) => 'error' in outcome && isKilled(outcome.error));
      if (killed !== undefined && 'error' in killed) throw killed.error;
      return { commandId: id ?? messageId, model: lease.ref, outcomes };
    } finally {
      lease.release();
    }
  };
  const prepare = async (command: Command, delivery: Delivery): Promise<Answered> => {
    try {
      return await classify(command, delivery);
    } catch (error) {
      if (!isKilled(error) || delivery.attempt < attemptsOfKillers) throw error;
      throw new PoisonMessage(error instanceof Error ? error.message : String(error), { cause: error });
    }
  };
  return messages.onPrepared(classifyRows, prepare, async ({ commandId, model, outcomes }, { transaction }) => {
    const recorded = outcomes.flatMap((outcome) => ('row' in outcome ? [outcome.row] : []));
    await insertClassifications(transaction, recorded, []);
    for (let start = 0; start < outcomes.length; start += shownItems) {
      const part = outcomes.slice(start, start + shownItems);
      const answered = part.flatMap((outcome) => ('row' in outcome ? [outcome.row] : []));
      const [summary] = summarise(answered, 0);
      await messages.send(transaction, rowsClassified, {
        ...(summary ?? { model, count: 0, classes: {}, first_id: '', last_id: '' }),
        items: part.map((outcome, index) => toAnswer(outcome, commandId, start + index)),
      });
    }
  });
};

const isKilled = (error: unknown): boolean =>
  killReasonOf(error) !== undefined || (error instanceof ServiceError && error.code === 'inference.held_back');

const toAnswer = (outcome: RowOutcome, commandId: string, row: number): ClassifiedItem => {
  const place = { command_id: commandId, row };
  if ('row' in outcome) return { ...toItem(outcome.row), ...place };
  const { code, message } = outcome.error;
  const error = { code, error: message.slice(0, 2000) };
  return { ...place, id: '', at: new Date().toISOString(), class: null, probabilities: null, error };
};
