import type { App } from '@vindima/service-kit';
import { constraint, missing } from './errors.ts';
import { check, fieldsOf, idOf, isUrl, text } from './fields.ts';
import { slugOf } from './seed.ts';
import type { StoreState } from './state.ts';

/** Categories, as anybody may read and change them. */
export const categoryRoutes = (app: App, state: StoreState) => {
  app.get('/categories', (request) => {
    const limit = Number(fieldsOf(request.query).limit ?? Number.NaN);
    return limit > 0 ? state.categories().slice(0, limit) : state.categories();
  });
  app.get('/categories/:id', (request) => byId(request.url, idOf(request.params)));
  app.get('/categories/slug/:slug', (request) => {
    const slug = text(fieldsOf(request.params).slug);
    const category = state.categories().find((candidate) => candidate.slug === slug);
    if (category === undefined) throw missing(request.url, 'Category', { slug });
    return category;
  });
  app.post('/categories', (request, reply) => {
    const { name, image } = fieldsOf(request.body);
    check(text(name) === '' && 'name should not be empty', !isUrl(image) && 'image must be a URL address');
    if (state.categories().some(({ slug }) => slug === slugOf(text(name)))) {
      throw constraint(request.url, 'UNIQUE constraint failed: category.slug');
    }
    return reply.code(201).send(state.addCategory(text(name), text(image)));
  });
  app.put('/categories/:id', (request) => {
    const { id } = byId(request.url, idOf(request.params));
    const { name, image } = fieldsOf(request.body);
    state.changeCategory(id, { ...(typeof name === 'string' && { name }), ...(isUrl(image) && { image }) });
    return byId(request.url, id);
  });
  app.delete('/categories/:id', (request, reply) => {
    const { id } = byId(request.url, idOf(request.params));
    if (state.products().some(({ category }) => category?.id === id)) {
      throw constraint(request.url, 'FOREIGN KEY constraint failed');
    }
    state.removeCategory(id);
    return reply.type('application/json').send('true');
  });

  const byId = (path: string, id: number) => {
    const category = state.categories().find((candidate) => candidate.id === id);
    if (category === undefined) throw missing(path, 'Category', { id });
    return category;
  };
};
