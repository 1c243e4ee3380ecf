import { type PricingRun, priceChanged } from '@vindima/contracts';
import type { PricingContext, RunTransaction } from '../context.ts';
import { insertProductVersions, knownProducts } from '../db/products.ts';
import { lockFeed, takePlaces } from '../db/recordings.ts';
import { diffProducts } from '../history/diff-products.ts';
import type { Catalogue } from '../store/fetch-products.ts';

type ProductCounts = PricingRun['products'];

/** Records what changed in the store, and tells of every changed price, in one transaction. The same catalogue again adds nothing. */
export const recordProducts = (
  { messages, sources, clock }: Pick<PricingContext, 'messages' | 'sources' | 'clock'>,
  transaction: RunTransaction,
  catalogue: Catalogue,
): Promise<ProductCounts> =>
  transaction(async (writing) => {
    await lockFeed(writing);
    const now = clock();
    const versions = diffProducts(await knownProducts(writing, sources.store), catalogue, now);
    const count = (wanted: (version: (typeof versions)[number]) => boolean) => versions.filter(wanted).length;
    const counts = {
      seen: catalogue.products.length,
      inserted: count(({ operation, returned }) => operation === 'insert' && !returned),
      updated: count(({ operation }) => operation === 'update'),
      deleted: count(({ operation }) => operation === 'delete'),
      returned: count(({ returned }) => returned),
    };
    if (versions.length === 0) return counts;
    const { first, recordedAt } = await takePlaces(writing, versions.length, now);
    await insertProductVersions(writing, sources.store, first, versions);
    for (const [index, { operation, before, content, productId, validFrom }] of versions.entries()) {
      if (operation !== 'update' || before === undefined || before.price === content.price) continue;
      await messages.send(writing, priceChanged, {
        sequence: first + index,
        product_id: productId,
        title: content.title,
        category: content.category,
        currency: content.currency,
        before: before.price,
        after: content.price,
        valid_from: validFrom,
        recorded_at: recordedAt,
        source: sources.store,
      });
    }
    return counts;
  });

export const noProducts: ProductCounts = { seen: 0, inserted: 0, updated: 0, deleted: 0, returned: 0 };
