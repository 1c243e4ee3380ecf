import type { PriceItem } from '@vindima/contracts';
import { booleanColumn, dateColumn, decimalColumn, integerColumn, tableOf, textColumn, toParquet } from '@vindima/lake';

/** Of `amount`: the largest minor unit of ISO 4217. */
const amountPlaces = 4;
/** Of `price`: as much as a store's price may have. */
const pricePlaces = 12;

/** Collects prices as the columns of a Parquet file; amounts are DECIMAL, exact rates and unrounded amounts text. */
export const createPriceTable = () => {
  const columns = {
    product_id: integerColumn(),
    title: textColumn(),
    category: textColumn(),
    price: decimalColumn(pricePlaces),
    price_currency: textColumn(),
    price_valid_from: textColumn(),
    price_assumed: booleanColumn(),
    currency: textColumn(),
    amount: decimalColumn(amountPlaces),
    amount_unrounded: textColumn(),
    rate: textColumn(),
    rate_path: textColumn(),
    requested_date: dateColumn(),
    rate_date: dateColumn(),
    carried_forward: booleanColumn(),
    provider: textColumn(),
    source: textColumn(),
  };
  let rows = 0;
  return {
    add(item: PriceItem) {
      for (const name of Object.keys(columns) as (keyof typeof columns)[]) columns[name].push(item[name] as never);
      rows += 1;
    },
    rows: () => rows,
    /** @param metadata of the file */
    toParquet: (metadata: Readonly<Record<string, string>>) => toParquet(tableOf(columns, metadata)),
  };
};
