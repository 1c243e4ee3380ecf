import type { App } from '@vindima/service-kit';
import { invalid, missing } from './errors.ts';
import { check, fieldsOf, idOf, isUrl, text } from './fields.ts';
import { slugOf } from './seed.ts';
import type { ServedProduct, StoreState } from './state.ts';

/** Products: listed with the filters, and without the total, of the real store. */
export const productRoutes = (app: App, state: StoreState) => {
  app.get('/products', (request) =>
    page(state.products().filter(filter(fieldsOf(request.query))), fieldsOf(request.query)),
  );
  app.get('/categories/:id/products', (request) => {
    const id = idOf(request.params);
    return page(
      state.products().filter(({ category }) => category?.id === id),
      fieldsOf(request.query),
    );
  });
  app.get('/products/:id', (request) => byId(request.url, idOf(request.params)));
  app.get('/products/slug/:slug', (request) => bySlug(request.url, text(fieldsOf(request.params).slug)));
  app.get('/products/:id/related', (request) => related(byId(request.url, idOf(request.params))));
  app.get('/products/slug/:slug/related', (request) =>
    related(bySlug(request.url, text(fieldsOf(request.params).slug))),
  );

  app.post('/products', (request, reply) => {
    const { title, price, description, categoryId, images } = fieldsOf(request.body);
    check(
      text(title) === '' && 'title should not be empty',
      !(typeof price === 'number' && price > 0) && 'price must be a positive number',
      text(description) === '' && 'description should not be empty',
      !(Array.isArray(images) && images.length > 0) && 'images must contain at least 1 elements',
      !(Array.isArray(images) && images.every(isUrl)) && 'each value in images must be a URL address',
    );
    requireCategory(request.url, categoryId);
    const product = {
      title: text(title),
      price: Number(price),
      description: text(description),
      categoryId: Number(categoryId),
    };
    return reply.code(201).send(state.addProduct({ ...product, images: images as string[] }));
  });
  app.put('/products/:id', (request, reply) => {
    const { id } = byId(request.url, idOf(request.params));
    const { title, price, description, categoryId, images } = fieldsOf(request.body);
    check(price !== undefined && !(typeof price === 'number' && price > 0) && 'price must be a positive number');
    // The real store joins the images without looking whether there are any.
    if (!Array.isArray(images)) return reply.code(500).send({ statusCode: 500, message: 'Internal server error' });
    if (categoryId !== undefined) requireCategory(request.url, categoryId);
    state.changeProduct(id, {
      ...(typeof title === 'string' && { title, slug: slugOf(title) }),
      ...(typeof price === 'number' && { price }),
      ...(typeof description === 'string' && { description }),
      ...(categoryId !== undefined && { categoryId: Number(categoryId) }),
      images: brokenImages(images.map(String)),
    });
    return state.product(id);
  });
  app.delete('/products/:id', (request, reply) => {
    state.removeProduct(byId(request.url, idOf(request.params)).id);
    return reply.type('application/json').send('true');
  });

  const byId = (path: string, id: number) => {
    const product = state.product(id);
    if (product === undefined) throw missing(path, 'Product', { id });
    return product;
  };
  const bySlug = (path: string, slug: string) => {
    const product = state.products().find((candidate) => candidate.slug === slug);
    if (product === undefined) throw missing(path, 'Product', { slug });
    return product;
  };
  const related = ({ id, category }: ServedProduct) =>
    state.products().filter((other) => other.category?.id === category?.id && other.id !== id);
  const requireCategory = (path: string, id: unknown) => {
    if (!state.categories().some((category) => category.id === id)) throw missing(path, 'Category', { id: String(id) });
  };
};

/** Edited images come back as pieces of the list that they were, with its brackets and quotes. */
const brokenImages = (images: readonly string[]) => {
  const pieces = images.map((image) => JSON.stringify(image));
  return pieces.map((piece, index) => `${index === 0 ? '[' : ''}${piece}${index === pieces.length - 1 ? ']' : ''}`);
};

const number = (value: unknown) => (value === undefined || value === '' ? undefined : Number(value));

const filter = (query: Record<string, unknown>) => {
  const { title, categorySlug } = query;
  const [price, least, most, categoryId] = ['price', 'price_min', 'price_max', 'categoryId'].map((name) =>
    number(query[name]),
  );
  if ((least ?? 0) < 0) throw invalid('price_min must not be less than 0');
  // Either bound alone is ignored.
  const range = least !== undefined && most !== undefined ? { least, most } : undefined;
  return (product: ServedProduct) =>
    (title === undefined || product.title.toLowerCase().includes(text(title).toLowerCase())) &&
    (price === undefined || product.price === price) &&
    (range === undefined || (product.price >= range.least && product.price <= range.most)) &&
    (categoryId === undefined || product.category?.id === categoryId) &&
    (categorySlug === undefined || product.category?.slug === categorySlug);
};

/** `limit` counts only when `offset` is sent too. */
const page = (products: readonly ServedProduct[], query: Record<string, unknown>) => {
  const [offset, limit] = [number(query.offset), number(query.limit)];
  const bounded = offset !== undefined && limit !== undefined && limit > 0 && offset >= 0;
  return bounded ? products.slice(offset, offset + limit) : products;
};
