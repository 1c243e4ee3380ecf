import { defineRules } from '../define-rules.ts';

export const inferenceRules = defineRules('inference', {
  viewers: [
    'GET /model/history',
    'GET /models',
    'GET /models/:name',
    'GET /v2',
    'GET /v2/health/live',
    'GET /v2/health/ready',
    'GET /v2/models/:model',
    'GET /v2/models/:model/ready',
    'GET /v2/models/:model/versions/:version',
    'GET /v2/models/:model/versions/:version/ready',
  ],
  questions: ['POST /v2/repository/index'],
  // Tables too, and tensors of pictures.
  largeQuestions: [
    'POST /model/classify',
    'POST /models/:name/classify',
    'POST /v2/models/:model/infer',
    'POST /v2/models/:model/versions/:version/infer',
  ],
  editors: [
    'POST /models/:name/promote',
    'POST /models/:name/rollback',
    'PATCH /models/:name',
    'DELETE /models/:name',
    'DELETE /models/:name/versions/:version',
    'POST /predictions',
    'POST /v2/repository/models/:model/load',
    'POST /v2/repository/models/:model/unload',
  ],
  uploads: ['POST /model/load', 'POST /models'],
});
