import { type Static, Type } from 'typebox';
import { InferenceModelRef, ModelName, ModelVersionNumber } from './inference.ts';
import { defineCommand, defineEvent } from './messages.ts';
import { Page, PageQuery } from './pagination.ts';
import { Nullable, StringEnum, Timestamp } from './schema.ts';

/** The answer for one row. */
export const Classification = Type.Object(
  {
    class: Type.String({ examples: ['Iris-setosa'] }),
    probabilities: Nullable(
      Type.Record(Type.String(), Type.Number(), {
        description: 'By class; the ten likeliest where a model has more than a hundred; null where it has none',
      }),
    ),
    model: InferenceModelRef,
    id: Type.String({ description: 'Under which the history has it' }),
    warnings: Type.Optional(
      Type.Array(Type.String(), { description: 'Values that the model does not know and ignores' }),
    ),
  },
  { title: 'Classification' },
);
export type Classification = Static<typeof Classification>;

export const InferenceRowsQuery = Type.Object({
  extra: Type.Optional(
    StringEnum(['refuse', 'ignore'], {
      description: 'Fields that the model does not know. JSON refuses them unless told, CSV ignores them',
    }),
  ),
});

const PredictedValue = Type.Union([Type.String(), Type.Number(), Type.Null()]);

/** What any model says of a row. */
export const PredictionItem = Type.Object(
  {
    prediction: Type.Union([PredictedValue, Type.Array(PredictedValue)], {
      description: 'A class or a value; several where the model tells several',
    }),
    probabilities: Type.Optional(Type.Record(Type.String(), Type.Number(), { description: 'By class or label' })),
    model: InferenceModelRef,
    id: Type.String({ description: 'Under which the history has it' }),
    warnings: Type.Optional(
      Type.Array(Type.String(), { description: 'Values that the model does not know and ignores' }),
    ),
  },
  { title: 'PredictionItem' },
);
export type PredictionItem = Static<typeof PredictionItem>;

const FailedRow = Type.Object({
  error: Type.String(),
  code: Type.String(),
  details: Type.Record(Type.String(), Type.Unknown()),
});

/** What any model says of several rows, in their order. */
export const PredictionList = Type.Object(
  {
    items: Type.Array(Type.Union([PredictionItem, FailedRow])),
    failed: Type.Integer({ description: 'Rows with an error' }),
  },
  { title: 'PredictionList' },
);
export type PredictionList = Static<typeof PredictionList>;

/** The answers for several rows, in their order; a row that is not valid has an error and harms no other. */
export const ClassificationList = Type.Object(
  {
    items: Type.Array(
      Type.Union([
        Classification,
        Type.Object({
          error: Type.String(),
          code: Type.String(),
          details: Type.Record(Type.String(), Type.Unknown()),
        }),
      ]),
    ),
    failed: Type.Integer({ description: 'Rows with an error' }),
  },
  { title: 'ClassificationList' },
);
export type ClassificationList = Static<typeof ClassificationList>;

/** What a request for classes holds. Rows are checked by the model that answers; this is for the document. */
export const ClassifyBody = Type.Unsafe<unknown>({
  title: 'ClassifyBody',
  description: 'A row with a field for each feature; or `{"rows": [...]}`, an array of rows, or CSV with a header',
});

export const ClassifyAnswer = Type.Union([Classification, ClassificationList], { title: 'ClassifyAnswer' });

/** Where a classification was asked for. */
export const classificationSources = ['rest', 'oip', 'command'] as const;

export const HistoryItem = Type.Object(
  {
    id: Type.String(),
    at: Timestamp,
    model: InferenceModelRef,
    source: StringEnum(classificationSources),
    class: Nullable(Type.String()),
    input: Type.Unknown({ description: 'As it was sent; a summary (shape, SHA-256) when it was large' }),
    output: Type.Unknown({ description: 'As it was answered; a summary when it was large' }),
  },
  { title: 'HistoryItem' },
);
export type HistoryItem = Static<typeof HistoryItem>;
export const HistoryPage = Page(HistoryItem);

export const HistoryQuery = Type.Object({
  ...PageQuery.properties,
  cursor: Type.Optional(Type.String({ format: 'uuid', description: 'next_cursor of the page before' })),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'At or after' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Before' })),
  model: Type.Optional(ModelName),
  version: Type.Optional(ModelVersionNumber),
  class: Type.Optional(Type.String({ maxLength: 200, description: 'Only rows of this class' })),
});
export type HistoryQuery = Static<typeof HistoryQuery>;

export const ClassifyCommand = Type.Object(
  {
    id: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: "The sender's own; comes back in the event" }),
    ),
    model: Type.Optional(ModelName),
    input: Type.Union([
      Type.Record(Type.String(), Type.Unknown()),
      Type.Array(Type.Record(Type.String(), Type.Unknown()), { minItems: 1, maxItems: 1000 }),
    ]),
  },
  { title: 'ClassifyCommand' },
);

export const classifyRows = defineCommand({
  service: 'inference',
  name: 'classify',
  summary: 'Classify a row or several; events.inference.classified has the answer',
  payload: ClassifyCommand,
});

export const ClassifiedItem = Type.Object({
  id: Type.String({ description: 'Under which the history has it' }),
  at: Timestamp,
  class: Nullable(Type.String()),
  probabilities: Nullable(Type.Record(Type.String(), Type.Number())),
  command_id: Type.Optional(Type.String({ description: 'Of the command that it answers' })),
  row: Type.Optional(Type.Integer({ description: 'Its place in the command, from 0' })),
  error: Type.Optional(Type.Object({ code: Type.String(), error: Type.String() })),
});
export type ClassifiedItem = Static<typeof ClassifiedItem>;

export const rowsClassified = defineEvent({
  service: 'inference',
  name: 'classified',
  summary: 'Rows were classified: told together, about once a second, each of them in exactly one event',
  payload: Type.Object({
    model: InferenceModelRef,
    count: Type.Integer({ description: 'Rows that this event tells of' }),
    classes: Type.Record(Type.String(), Type.Integer(), { description: 'Rows by class' }),
    first_id: Type.String({ description: 'Of the first of them in the history' }),
    last_id: Type.String({ description: 'Of the last of them in the history' }),
    items: Type.Array(ClassifiedItem, { description: 'The first hundred; all of them where they answer a command' }),
  }),
});
