import { type Static, Type } from 'typebox';
import { defineEvent } from './messages.ts';
import { Nullable, StringEnum, Timestamp } from './schema.ts';

export const jobStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** What the sender of a command, or a client of REST (`x-reference`), calls the matter; it comes back with whatever is made of it. */
export const SenderReference = Type.String({ minLength: 1, maxLength: 200, examples: ['order-4711'] });

/** For the `headers` of a route that starts a job. */
export const ReferenceHeader = {
  'x-reference': Type.Optional({
    ...SenderReference,
    description: "The caller's own; the job has it, and what it tells",
  }),
};

/** How a sender finds the jobs that their command made. */
export const JobsOfSender = {
  command_id: Type.Optional(Type.String({ maxLength: 1000, description: 'Jobs that this command asked for' })),
  reference: Type.Optional({ ...SenderReference, description: 'Jobs that their sender calls so' }),
};

/** What came out of a job, by name. */
export const JobOutputs = Type.Object(
  {
    objects: Type.Optional(Type.Array(Type.String(), { description: 'Keys in the object store' })),
    tables: Type.Optional(Type.Array(Type.String(), { description: 'Tables of the datasets service (`file_id`)' })),
    images: Type.Optional(Type.Array(Type.Integer(), { description: 'Images (`id`)' })),
    models: Type.Optional(
      Type.Array(Type.String(), { description: 'Models, with their versions', examples: ['iris/1'] }),
    ),
  },
  { title: 'JobOutputs' },
);
export type JobOutputs = Static<typeof JobOutputs>;

export const jobOutcomes = ['succeeded', 'partial', 'failed', 'cancelled'] as const;

/** Something that a job could not do, although it did the rest. */
export const JobProblem = Type.Object(
  {
    code: Type.String({ description: 'For a program', examples: ['pricing.no_rate'] }),
    error: Type.String({ description: 'In a sentence, for a person' }),
    details: Type.Record(Type.String(), Type.Unknown()),
  },
  { title: 'JobProblem' },
);
export type JobProblem = Static<typeof JobProblem>;

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
    outputs: { ...JobOutputs, description: 'What came out of it, by name; empty until it has succeeded' },
    outcome: Nullable(
      StringEnum(jobOutcomes, {
        description: 'How it ended, null until it has; partial: it has succeeded, and `problems` say what is missing',
      }),
    ),
    problems: Type.Array(JobProblem, { description: 'What it could not do' }),
    command_id: Nullable(Type.String({ description: 'The id of the command that asked for it' })),
    reference: Nullable({ ...SenderReference, description: 'What its sender calls it' }),
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

/** What is told of a job's end: whoever sent the command finds its result here. Those of 0.1.0 lack the last three. */
export const JobEnd = Type.Object(
  {
    ...JobStatus.properties,
    command_id: Type.Optional(Job.properties.command_id),
    reference: Type.Optional(Job.properties.reference),
    outputs: Type.Optional(Job.properties.outputs),
    outcome: Type.Optional(Job.properties.outcome),
  },
  { title: 'JobEnd' },
);
export type JobEnd = Static<typeof JobEnd>;

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
    payload: JobEnd,
  }),
});
