import { type Static, Type } from 'typebox';
import { defineEvent } from './messages.ts';
import { Nullable, StringEnum, Timestamp } from './schema.ts';

export const jobStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** Long work, as `GET /jobs/{id}` shows it. The id begins with the name of the service whose job it is. */
export const Job = Type.Object(
  {
    id: Type.String({ examples: ['wine-0199d0a2-6c5e-7b21-9f0e-3a3f5f1d2c44'] }),
    kind: Type.String({ description: 'What the job does', examples: ['wine.ingest'] }),
    state: StringEnum(jobStates),
    progress: Type.Number({ minimum: 0, maximum: 1 }),
    message: Type.String({ description: 'What it is doing, or how it ended, in a few words' }),
    attempts: Type.Integer({ description: 'How often it was begun; more than 1 after a crash' }),
    input: Type.Unknown({ description: 'What was asked for' }),
    result: Type.Unknown({ description: 'What came of it; null until it has succeeded' }),
    error: Nullable(
      Type.Object({ code: Type.String(), error: Type.String(), details: Type.Record(Type.String(), Type.Unknown()) }),
    ),
    created_at: Timestamp,
    started_at: Nullable(Timestamp),
    finished_at: Nullable(Timestamp),
  },
  { title: 'Job' },
);
export type Job = Static<typeof Job>;

/** What the job events carry: enough for a progress bar and to fetch the rest. */
export const JobStatus = Type.Pick(Job, ['id', 'kind', 'state', 'progress', 'message'], { title: 'JobStatus' });
export type JobStatus = Static<typeof JobStatus>;

/** The events that every service tells of its jobs. */
export const jobEvents = (service: string) => ({
  progressed: defineEvent({
    service,
    name: 'job-progressed',
    summary: 'A job was queued, was begun or got further; at most a few times a second, and not all of them',
    payload: JobStatus,
  }),
  finished: defineEvent({
    service,
    name: 'job-finished',
    summary: 'A job has succeeded, failed or was cancelled',
    payload: JobStatus,
  }),
});
