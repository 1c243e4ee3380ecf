import { ErrorBody, ProductsPage, ProductsQuery } from '@vindima/contracts';
import type { Kit, PricingContext } from '../context.ts';
import { findProducts } from '../queries/find-products.ts';
import { plainJson } from './json.ts';

/** `GET /products`: the store's catalogue, on any day and as known at any time. */
export const listProducts = ({ app }: Kit, context: PricingContext) => {
  app.get(
    '/products',
    {
      ...plainJson,
      schema: {
        tags: ['products'],
        summary: 'The store’s products, on any day and as known at any time',
        querystring: ProductsQuery,
        response: { 200: ProductsPage, 400: ErrorBody, 404: ErrorBody },
      },
    },
    (request) => findProducts(context, request.query, request.query.limit ?? 100),
  );
};
