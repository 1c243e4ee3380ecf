import { Type } from 'typebox';
import {
  InferenceBatching,
  InferenceModel,
  InferenceModelPage,
  InferenceModelVersion,
  LoadedModel,
  LoadModelRequest,
  ModelName,
  ModelVersionNumber,
  PromoteRequest,
} from './inference.ts';
import {
  ClassifyAnswer,
  ClassifyBody,
  HistoryPage,
  HistoryQuery,
  InferenceRowsQuery,
  PredictionList,
} from './inference-classification.ts';
import {
  OipDone,
  OipIndexRequest,
  OipInferQuery,
  OipInferRequest,
  OipInferResponse,
  OipLive,
  OipLoadRequest,
  OipModelConfig,
  OipModelMetadata,
  OipModelParams,
  OipModelReady,
  OipModelStatistics,
  OipReady,
  OipRepositoryIndex,
  OipServerMetadata,
  OipVersionParams,
} from './inference-oip.ts';
import { PredictRequest } from './inference-prediction.ts';
import { Job } from './jobs.ts';
import { JobHeaders } from './jobs-operations.ts';
import { defineOperations, type OperationErrors } from './operations/define-operation.ts';
import { PageQuery } from './pagination.ts';

const reading = { role: 'viewer', scope: 'read' } as const;
const changing = { role: 'editor', scope: 'write' } as const;
const iris = { SepalLengthCm: 5.1, SepalWidthCm: 3.5, PetalLengthCm: 1.4, PetalWidthCm: 0.2 };
const rawModels = ['application/octet-stream', 'application/onnx', 'application/x-onnx', 'application/x-pickle'];

const unknownModel = { 'inference.unknown_model': [404, 'There is no such model.'] } satisfies OperationErrors;
const unknownVersion = {
  ...unknownModel,
  'inference.unknown_version': [404, 'The model has no such version.'],
} satisfies OperationErrors;
const loading = {
  'inference.cannot_load': [422, 'The model cannot be loaded.'],
  'inference.golden_failed': [422, 'The version does not answer its golden request as it should.'],
  'inference.over_memory_budget': [422, 'The model needs more memory than all models may have.'],
  'inference.changed_meanwhile': [409, 'Somebody has changed the model meanwhile.'],
} satisfies OperationErrors;
const running = {
  ...unknownModel,
  'inference.not_loaded': [409, 'The model is not loaded.'],
  'inference.invalid_row': [422, 'A row is not what the model wants.'],
  'inference.run_failed': [422, 'The model cannot run on this.'],
  'inference.run_killed': [422, 'The run took too long, or too much memory, and was ended.'],
  'inference.answer_too_large': [422, 'The answer has more bytes than it may have.'],
  'inference.held_back': [422, 'Three runs of the version had to be ended: promote it to try again.'],
  'inference.too_many_rows': [413, 'More rows than a request may have; they are work for a job.'],
  'inference.busy': [429, 'Too many rows wait for the model.'],
  'inference.crashed_runtime': [503, 'The process that ran the model has ended.'],
  'inference.runtime_stopped': [503, 'The service stops.'],
} satisfies OperationErrors;
const classifying = {
  ...running,
  'inference.no_model_loaded': [409, 'No model is loaded: POST /model/load.'],
  'inference.not_a_classifier': [422, 'The model gives no classes.'],
  'inference.not_tabular': [422, 'The model takes no rows of fields.'],
  'inference.no_rows': [422, 'There is no row.'],
  'inference.invalid_csv': [422, 'The CSV cannot be read.'],
} satisfies OperationErrors;
const uploading = {
  'inference.no_file': [400, 'The request has no file.'],
  'inference.invalid_field': [400, 'A field is not valid.'],
  'inference.model_too_large': [413, 'The file is larger than a model may be.'],
  'inference.not_a_model': [422, 'The file is no model that can be read.'],
  'inference.unsupported_pickle': [422, 'The pickle holds something that is not taken; the sentence names it.'],
  'inference.cannot_run': [422, 'The model cannot be run.'],
  'inference.trial_timeout': [422, 'The model took too long in its trial.'],
  ...loading,
} satisfies OperationErrors;

const ByName = Type.Object({ name: ModelName });
const ofVersion = { ...OipVersionParams.properties };
const oip = 'open inference protocol';
const modelFile = { files: { file: { description: 'ONNX, or a pickle or joblib file of scikit-learn' } } };
const AboutModel = {
  name: Type.Optional(Type.String({ maxLength: 100, description: 'Of the model; default: of the file' })),
  metadata: Type.Optional(Type.String({ description: 'JSON: feature_names, labels, description' })),
  golden: Type.Optional(Type.String({ description: 'JSON: an input, and the class it must get' })),
  max_batch: Type.Optional(Type.String({ description: 'Rows that run together' })),
  max_wait_ms: Type.Optional(Type.String({ description: 'Milliseconds that a row waits for others' })),
};

const classification = {
  method: 'POST',
  tag: 'classification',
  summary: 'Classify a row, or several',
  description: 'A row is answered with a Classification, several with a ClassificationList.',
  access: reading,
  query: InferenceRowsQuery,
  body: { json: ClassifyBody, file: ['text/csv', 'application/csv'], bytes: 'file' },
  answers: { 200: { description: 'The class of the row, or of each', json: ClassifyAnswer } },
  errors: classifying,
  examples: { body: iris },
} as const;
const metadata = {
  method: 'GET',
  tag: oip,
  summary: 'What a model wants and gives',
  access: reading,
  answers: { 200: { description: 'Its inputs and outputs', json: OipModelMetadata } },
  errors: unknownVersion,
} as const;
const ready = {
  method: 'GET',
  tag: oip,
  summary: 'Does a model answer?',
  access: reading,
  answers: {
    200: { description: 'It does', json: OipModelReady },
    400: { description: 'It does not: a status of 4xx is how the protocol says no', json: OipModelReady },
  },
  errors: unknownVersion,
} as const;
const statistics = {
  method: 'GET',
  tag: oip,
  summary: 'What was counted of models',
  access: reading,
  answers: { 200: { description: 'Requests, rows and times, by version', json: OipModelStatistics } },
  errors: {},
} as const;
const configuration = {
  method: 'GET',
  tag: oip,
  summary: 'How a model is run',
  access: reading,
  answers: { 200: { description: 'Its configuration, as Triton has it', json: OipModelConfig } },
  errors: unknownVersion,
} as const;
const infer = {
  method: 'POST',
  tag: oip,
  summary: 'Run a model',
  access: reading,
  query: OipInferQuery,
  body: { json: OipInferRequest, bytes: 'file' },
  answers: { 200: { description: 'The tensors of the outputs', json: OipInferResponse } },
  errors: {
    ...running,
    ...unknownVersion,
    'inference.invalid_infer_request': [400, 'The request is not what the model wants.'],
  },
  examples: {
    params: { model: 'iris' },
    body: { inputs: [{ name: 'input', shape: [1, 4], datatype: 'FP32', data: [5.1, 3.5, 1.4, 0.2] }] },
  },
} as const;

export const inferenceOperations = defineOperations('inference', {
  load: {
    method: 'POST',
    path: '/model/load',
    tag: 'classification',
    summary: 'Load a model: by name (in JSON, a form or the query), an uploaded file, or the built-in iris (nothing)',
    access: changing,
    query: Type.Object({
      name: Type.Optional(Type.String({ description: 'Of the model' })),
      version: Type.Optional(Type.String({ description: 'Of the model; default: the newest' })),
    }),
    body: {
      json: LoadModelRequest,
      form: { ...modelFile, fields: Type.Object(AboutModel) },
      file: [...rawModels, 'application/x-www-form-urlencoded'],
      optional: true,
      bytes: 'file',
    },
    answers: { 200: { description: 'The model that answers `POST /model/classify` now', json: LoadedModel } },
    errors: { ...uploading, ...unknownVersion },
    examples: { body: { name: 'iris' } },
    legacy: true,
  },
  classify: { ...classification, path: '/model/classify', legacy: true },
  classifyBy: {
    ...classification,
    path: '/models/:name/classify',
    params: ByName,
    examples: { params: { name: 'iris' }, body: iris },
  },
  predictRows: {
    ...classification,
    path: '/models/:name/predict',
    summary: 'Ask any model for its values, classes or labels',
    description: 'Rows with names, or without (`[[1, 2], [3, 4]]`, in the order of the features), or CSV.',
    params: ByName,
    answers: { 200: { description: 'What the model says of each row', json: PredictionList } },
    examples: { params: { name: 'iris' }, body: iris },
  },
  listHistory: {
    method: 'GET',
    path: '/model/history',
    tag: 'classification',
    summary: 'What was classified: input and output, newest first',
    access: reading,
    query: HistoryQuery,
    answers: { 200: { description: 'A page of the history', json: HistoryPage } },
    errors: {},
    legacy: true,
  },
  health: {
    method: 'GET',
    path: '/health',
    tag: 'health',
    summary: 'Is the service there?',
    access: { role: 'public', scope: 'read' },
    answers: {
      200: {
        description: 'It is',
        json: Type.Object(
          {
            status: Type.String({ examples: ['ok'] }),
            model: Type.Union([Type.Object({ name: Type.String(), version: Type.Integer() }), Type.Null()], {
              description: 'That answers `POST /model/classify/`',
            }),
            held_back: Type.Optional(Type.Array(Type.String(), { description: '`name@version` of what runs no more' })),
          },
          { title: 'InferenceHealth' },
        ),
      },
    },
    errors: {},
    legacy: true,
  },
  upload: {
    method: 'POST',
    path: '/models',
    tag: 'models',
    summary: 'Upload a model file: a new version',
    description:
      'A form; or the file as the body, with the fields in the query. The first version of a model answers at once.',
    access: changing,
    query: Type.Object(
      { ...AboutModel, promote: Type.Optional(Type.String({ description: 'true: let it answer' })) },
      { additionalProperties: true },
    ),
    body: {
      form: {
        ...modelFile,
        fields: Type.Object({
          ...AboutModel,
          promote: Type.Optional(Type.String({ description: 'true: let it answer' })),
        }),
      },
      file: rawModels,
      bytes: 'file',
    },
    answers: {
      201: { description: 'The new version', json: InferenceModelVersion },
      200: { description: 'The version that has this file already', json: InferenceModelVersion },
    },
    errors: uploading,
  },
  listModels: {
    method: 'GET',
    path: '/models',
    tag: 'models',
    summary: 'All models',
    access: reading,
    query: PageQuery,
    answers: { 200: { description: 'A page of models', json: InferenceModelPage } },
    errors: {},
  },
  getModel: {
    method: 'GET',
    path: '/models/:name',
    tag: 'models',
    summary: 'A model with its versions',
    access: reading,
    params: ByName,
    answers: { 200: { description: 'The model', json: InferenceModel } },
    errors: unknownModel,
    examples: { params: { name: 'iris' } },
  },
  promote: {
    method: 'POST',
    path: '/models/:name/promote',
    tag: 'models',
    summary: 'Let a version answer: loaded, asked its golden request, then swapped',
    access: changing,
    params: ByName,
    body: { json: PromoteRequest },
    answers: { 200: { description: 'The model', json: InferenceModel } },
    errors: { ...unknownVersion, ...loading },
    examples: { body: { version: 1 } },
  },
  rollback: {
    method: 'POST',
    path: '/models/:name/rollback',
    tag: 'models',
    summary: 'Let the version answer that did before',
    access: changing,
    params: ByName,
    answers: { 200: { description: 'The model', json: InferenceModel } },
    errors: {
      ...unknownModel,
      ...loading,
      'inference.nothing_to_roll_back': [409, 'No other version has answered before.'],
    },
  },
  changeModel: {
    method: 'PATCH',
    path: '/models/:name',
    tag: 'models',
    summary: 'Change how requests are put together',
    access: changing,
    params: ByName,
    body: { json: Type.Object({ batching: InferenceBatching }, { title: 'ModelChange', additionalProperties: false }) },
    answers: { 200: { description: 'The model', json: InferenceModel } },
    errors: { ...unknownModel, ...loading },
    examples: { body: { batching: { max_batch: 64, max_wait_ms: 1 } } },
  },
  deleteModel: {
    method: 'DELETE',
    path: '/models/:name',
    tag: 'models',
    summary: 'Delete a model; its history stays',
    access: changing,
    params: ByName,
    answers: { 204: { description: 'It is gone' } },
    errors: { ...unknownModel, 'inference.changed_meanwhile': loading['inference.changed_meanwhile'] },
  },
  deleteVersion: {
    method: 'DELETE',
    path: '/models/:name/versions/:version',
    tag: 'models',
    summary: 'Delete a version that does not answer',
    access: changing,
    params: Type.Object({ name: ModelName, version: ModelVersionNumber }),
    answers: { 204: { description: 'It is gone' } },
    errors: { ...unknownVersion, 'inference.is_champion': [409, 'The version answers; promote another one first.'] },
  },
  predict: {
    method: 'POST',
    path: '/predictions',
    tag: 'classification',
    summary: 'Classify a CSV or Parquet file of the lake; the result is a Parquet file there',
    access: changing,
    headers: JobHeaders,
    body: { json: PredictRequest },
    answers: { 202: { description: 'The job that predicts', json: Job } },
    errors: { 'inference.idempotency_key_reused': [409, 'The Idempotency-Key was used for another request.'] },
    examples: { body: { model: 'iris', object_key: 'datasets/uploads/flowers.csv' } },
  },
  oipServer: {
    method: 'GET',
    path: '/v2',
    tag: oip,
    summary: 'About the server',
    access: reading,
    answers: { 200: { description: 'Its name and what it can do', json: OipServerMetadata } },
    errors: {},
  },
  oipLive: {
    method: 'GET',
    path: '/v2/health/live',
    tag: oip,
    summary: 'Is the server alive?',
    access: reading,
    answers: { 200: { description: 'It is', json: OipLive } },
    errors: {},
  },
  oipReady: {
    method: 'GET',
    path: '/v2/health/ready',
    tag: oip,
    summary: 'Can the server answer?',
    access: reading,
    answers: { 200: { description: 'It can', json: OipReady } },
    errors: {},
  },
  oipModel: { ...metadata, path: '/v2/models/:model', params: OipModelParams, examples: { params: { model: 'iris' } } },
  oipStatistics: { ...statistics, path: '/v2/models/stats' },
  oipModelStatistics: {
    ...statistics,
    path: '/v2/models/:model/stats',
    params: OipModelParams,
    errors: unknownVersion,
    examples: { params: { model: 'iris' } },
  },
  oipVersionStatistics: {
    ...statistics,
    path: '/v2/models/:model/versions/:version/stats',
    params: Type.Object(ofVersion),
    errors: unknownVersion,
    examples: { params: { model: 'iris', version: '1' } },
  },
  oipModelConfig: {
    ...configuration,
    path: '/v2/models/:model/config',
    params: OipModelParams,
    examples: { params: { model: 'iris' } },
  },
  oipVersionConfig: {
    ...configuration,
    path: '/v2/models/:model/versions/:version/config',
    params: Type.Object(ofVersion),
    examples: { params: { model: 'iris', version: '1' } },
  },
  oipModelReady: {
    ...ready,
    path: '/v2/models/:model/ready',
    params: OipModelParams,
    examples: { params: { model: 'iris' } },
  },
  oipInfer: { ...infer, path: '/v2/models/:model/infer', params: OipModelParams },
  oipVersion: {
    ...metadata,
    path: '/v2/models/:model/versions/:version',
    params: Type.Object(ofVersion),
    examples: { params: { model: 'iris', version: '1' } },
  },
  oipVersionReady: {
    ...ready,
    path: '/v2/models/:model/versions/:version/ready',
    params: Type.Object(ofVersion),
    examples: { params: { model: 'iris', version: '1' } },
  },
  oipVersionInfer: {
    ...infer,
    path: '/v2/models/:model/versions/:version/infer',
    params: Type.Object(ofVersion),
    examples: { ...infer.examples, params: { model: 'iris', version: '1' } },
  },
  oipRepositoryIndex: {
    method: 'POST',
    path: '/v2/repository/index',
    tag: oip,
    summary: 'All versions and whether they answer',
    access: reading,
    body: { json: OipIndexRequest, optional: true },
    answers: { 200: { description: 'The versions', json: OipRepositoryIndex } },
    errors: {},
    examples: { body: { ready: true } },
  },
  oipLoad: {
    method: 'POST',
    path: '/v2/repository/models/:model/load',
    tag: oip,
    summary: 'Load a model of the repository',
    access: changing,
    params: OipModelParams,
    body: { json: OipLoadRequest, optional: true },
    answers: { 200: { description: 'It is loaded', json: OipDone } },
    errors: {
      ...unknownModel,
      ...loading,
      'inference.load_parameters': [400, 'A model is loaded as it was uploaded: parameters are not supported.'],
    },
    examples: { params: { model: 'iris' }, body: {} },
  },
  oipUnload: {
    method: 'POST',
    path: '/v2/repository/models/:model/unload',
    tag: oip,
    summary: 'Unload a model of the repository',
    access: changing,
    params: OipModelParams,
    body: { json: OipLoadRequest, optional: true },
    answers: { 200: { description: 'It is unloaded', json: OipDone } },
    errors: unknownModel,
    examples: { body: {} },
  },
});
