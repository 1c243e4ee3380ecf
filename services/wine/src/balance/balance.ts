import type { WineBalance, WineBalanceQuery, WineBalanceYear, WineSeriesId, WineTidyFigure } from '@vindima/contracts';
import { fold } from '../vitibrasil/text.ts';

/** A flow: the series that it is of, and which of their sections; all where none is named. */
interface Flow {
  readonly series: readonly WineSeriesId[];
  readonly sections?: readonly string[];
  /** A word that the names of its rows begin with. */
  readonly names?: readonly string[];
}

type FlowName = 'production' | 'processing_kg' | 'sales' | 'exports' | 'imports';

interface Product {
  readonly unit: WineBalance['unit'];
  readonly flows: Readonly<Partial<Record<FlowName, Flow>>>;
  readonly assumptions: readonly string[];
}

const grapes: Flow = {
  series: ['processing-viniferas', 'processing-americanas', 'processing-mesa', 'processing-semclass'],
};
const litre = 'Trade is published in kg; 1 kg is taken for 1 L.';
const whole = 'Grapes are processed for all products together: what they make of one product is not published.';
const reported =
  'Production and sales are what wineries of Rio Grande do Sul report; imports and exports are those of Brazil.';
const stock = 'Stock is taken to be 0 before the first year: months of stock tell how it moves, not how large it is.';

/** What stands for what. Sections and names are folded. */
export const products: Readonly<Record<WineBalanceQuery['product'], Product>> = {
  wine: {
    unit: 'L',
    flows: {
      production: { series: ['production'], sections: ['vinho de mesa', 'vinho fino de mesa (vinifera)'] },
      processing_kg: grapes,
      sales: {
        series: ['commercialization'],
        sections: ['vinho de mesa', 'vinho fino de mesa', 'vinho frizante', 'vinho organico', 'vinho especial'],
      },
      exports: { series: ['export-wine'] },
      imports: { series: ['import-wine'] },
    },
    assumptions: [litre, whole, reported, stock],
  },
  sparkling: {
    unit: 'L',
    flows: {
      production: { series: ['production'], sections: ['derivados'], names: ['espumante'] },
      processing_kg: grapes,
      sales: { series: ['commercialization'], sections: ['espumantes'] },
      exports: { series: ['export-sparkling'] },
      imports: { series: ['import-sparkling'] },
    },
    assumptions: [litre, whole, reported, stock],
  },
  juice: {
    unit: 'L',
    flows: {
      production: { series: ['production'], sections: ['suco'] },
      processing_kg: grapes,
      sales: { series: ['commercialization'], sections: ['suco de uvas', 'suco de uvas concentrado'] },
      exports: { series: ['export-juice'] },
      imports: { series: ['import-juice'] },
    },
    assumptions: [
      litre,
      'Concentrated juice is counted as it is, not as the juice that it was made of.',
      whole,
      reported,
      stock,
    ],
  },
  'fresh-grapes': {
    unit: 'kg',
    flows: { exports: { series: ['export-grapes'] }, imports: { series: ['import-fresh-grapes'] } },
    assumptions: ['Production and sales of fresh grapes are not among these data.'],
  },
};

interface Sums {
  quantity: number | null;
  value: number | null;
  doubtful: boolean;
}

const sumByYear = ({ sections, names }: Flow, figures: readonly WineTidyFigure[]) => {
  const sums = new Map<number, Sums>();
  for (const figure of figures) {
    if (figure.is_total) continue;
    if (sections !== undefined && !sections.includes(fold(figure.section ?? ''))) continue;
    if (names !== undefined && !names.some((name) => fold(figure.name).startsWith(name))) continue;
    const sum = sums.get(figure.year) ?? { quantity: null, value: null, doubtful: false };
    sums.set(figure.year, sum);
    if (figure.quantity !== null) sum.quantity = (sum.quantity ?? 0) + figure.quantity;
    if (figure.value_usd !== null) sum.value = (sum.value ?? 0) + figure.value_usd;
    if (figure.doubtful) sum.doubtful = true;
  }
  return sums;
};

const minus = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b);
const over = (a: number | null, b: number | null) => (a === null || b === null || b === 0 ? null : a / b);

/**
 * Balances a product: what is produced, sold, exported and imported each year, and what is left.
 *
 * @param figuresOf the tidy rows of a series
 */
export const balance = (
  product: WineBalanceQuery['product'],
  figuresOf: (series: WineSeriesId) => readonly WineTidyFigure[],
): WineBalanceYear[] => {
  const { flows } = products[product];
  const sums = new Map<FlowName, Map<number, Sums>>();
  for (const [name, flow] of Object.entries(flows) as [FlowName, Flow][]) {
    sums.set(
      name,
      sumByYear(
        flow,
        flow.series.flatMap((series) => figuresOf(series)),
      ),
    );
  }
  const years = [...new Set([...sums.values()].flatMap((found) => [...found.keys()]))].sort((a, b) => a - b);
  let left: number | null = null;
  return years.map((year): WineBalanceYear => {
    const at = (name: FlowName) => sums.get(name)?.get(year);
    const quantity = (name: FlowName) => at(name)?.quantity ?? null;
    const [production, sales] = [quantity('production'), quantity('sales')];
    const unaccounted = minus(production, sales);
    if (unaccounted !== null) left = (left ?? 0) + unaccounted;
    const months = unaccounted === null ? null : over(left, sales === null ? null : sales / 12);
    return {
      year,
      production,
      processing_kg: quantity('processing_kg'),
      sales,
      exports: quantity('exports'),
      imports: quantity('imports'),
      unaccounted,
      months_of_stock: months === null || months < 0 ? null : months,
      share_exported: over(quantity('exports'), production),
      trade_balance_usd: minus(at('exports')?.value ?? null, at('imports')?.value ?? null),
      doubtful: [...sums.values()].some((found) => found.get(year)?.doubtful === true),
    };
  });
};
