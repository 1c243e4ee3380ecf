import { defineRules } from '../define-rules.ts';

export const imagesRules = defineRules('images', {
  viewers: [
    'GET /images',
    'GET /images/tags',
    'GET /images/:id',
    'GET /images/:id/details',
    'GET /images/:id/file',
    'GET /images/:id/thumbnail',
    'GET /tags',
  ],
  editors: ['DELETE /images/:id'],
  uploads: ['POST /images', 'POST /images/tags', 'POST /images/batch'],
});
