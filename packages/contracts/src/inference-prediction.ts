import { type Static, Type } from 'typebox';
import { InferenceModelRef, ModelName, ModelVersionNumber } from './inference.ts';
import { defineCommand } from './messages.ts';
import { CalendarDate, StringEnum } from './schema.ts';

/** A whole file of rows, classified by a job. */
export const PredictRequest = Type.Object(
  {
    model: Type.Optional(ModelName),
    version: Type.Optional(ModelVersionNumber),
    object_key: Type.String({
      minLength: 1,
      maxLength: 900,
      description: 'A CSV (with a header) or Parquet file in the lake',
    }),
    format: Type.Optional(StringEnum(['csv', 'parquet'], { description: 'Told by the content if left out' })),
  },
  { title: 'PredictRequest', additionalProperties: false },
);
export type PredictRequest = Static<typeof PredictRequest>;

export const predictKind = 'inference.predict';

/** What a prediction job leaves in the lake; also its manifest. */
export const PredictionResult = Type.Object(
  {
    format: Type.Literal(1),
    model: InferenceModelRef,
    run: Type.String({ description: 'The job' }),
    processing_date: CalendarDate,
    object_key: Type.String({
      description:
        'The Parquet file: the columns of the source and prediction, probability, probabilities (JSON), error',
    }),
    bytes: Type.Integer({ description: 'Of the Parquet file' }),
    sha256: Type.String({ description: 'Of the Parquet file' }),
    rows: Type.Integer(),
    failed_rows: Type.Integer({ description: 'Rows that could not be classified; `error` says why' }),
    classes: Type.Record(Type.String(), Type.Integer(), { description: 'Rows by class' }),
    source_key: Type.String(),
  },
  { title: 'PredictionResult' },
);
export type PredictionResult = Static<typeof PredictionResult>;

export const predictDataset = defineCommand({
  service: 'inference',
  name: 'predict',
  summary: 'Classify a file of the lake; the result is a Parquet file there',
  payload: PredictRequest,
});
