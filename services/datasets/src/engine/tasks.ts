import { analyze } from '../analysis/analyze.ts';
import { preview } from '../exports/preview.ts';
import { render } from '../exports/render.ts';
import { ingest } from '../ingest/ingest.ts';
import { processTable } from '../steps/process.ts';
import { validate } from '../validation/validate.ts';
import type { Session } from './session.ts';

/** What an engine process can be asked to do: plain functions of a session and an input that travels as a message. */
const tasks = { ingest, process: processTable, validate, analyze, render, preview } as const;

export type TaskName = keyof typeof tasks;
export type TaskInput<Name extends TaskName> = Parameters<(typeof tasks)[Name]>[1];
export type TaskResult<Name extends TaskName> = Awaited<ReturnType<(typeof tasks)[Name]>>;

const isTask = (name: string): name is TaskName => Object.hasOwn(tasks, name);

/** Does what a request names. The pool's types have checked the input. */
export const runTask = (session: Session, name: string, input: unknown): Promise<unknown> => {
  if (!isTask(name)) throw new Error(`there is no task ${name}`);
  const task: (session: Session, input: never) => Promise<unknown> = tasks[name];
  return task(session, input as never);
};
