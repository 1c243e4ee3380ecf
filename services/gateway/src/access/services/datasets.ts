import { defineRules } from '../define-rules.ts';

export const datasetsRules = defineRules('datasets', {
  viewers: [
    'GET /api/health',
    'GET /api/download/:file_id',
    'GET /datasets',
    'GET /datasets/:id',
    'GET /datasets/:id/rows',
  ],
  questions: ['POST /api/validate', 'POST /api/analyze'],
  editors: ['POST /api/process', 'POST /datasets/:id/export', 'POST /datasets/:id/reread', 'DELETE /datasets/:id'],
  uploads: ['POST /api/upload'],
});
