import { catalogue } from '../catalogue/catalogue.ts';
import { cultivarSignatures, kindOfSeries, sectionSignatures } from '../catalogue/signatures.ts';
import type { SeriesTable } from '../vitibrasil/table.ts';
import { fold } from '../vitibrasil/text.ts';

/** So many marks of another series, and none of its own, make a file another series'. */
const enoughCultivars = 2;
/** Fewer equal figures may be chance. */
const enoughFigures = 10;

const fileOf = (id: string) => catalogue.find((series) => series.id === id)?.file ?? id;
const count = (names: ReadonlySet<string>, marks: readonly string[]) => marks.filter((mark) => names.has(mark)).length;

const bySections = (table: SeriesTable): string | undefined => {
  const kind = kindOfSeries(table.series.id);
  if (kind === undefined) return undefined;
  if (table.labels.name !== '' && fold(table.labels.name) === 'pais') return 'its rows are countries';
  const sections = new Set(table.rows.map((row) => fold(row.section ?? '')));
  const prefixes = new Set(table.rows.map((row) => /^([a-z]{2})_/.exec(row.control ?? '')?.[1] ?? ''));
  const marks = (of: typeof kind) =>
    count(sections, sectionSignatures[of].sections) + count(prefixes, sectionSignatures[of].prefixes);
  if (marks(kind) > 0) return undefined;
  for (const other of Object.keys(sectionSignatures) as (typeof kind)[]) {
    if (other === kind || marks(other) === 0) continue;
    const found = sectionSignatures[other].sections
      .filter((section) => sections.has(section))
      .map((section) => section.toUpperCase());
    const named = found.length > 0 ? `sections such as ${found.slice(0, 2).join(' and ')}` : 'controls';
    return `it has the ${named} of ${other}`;
  }
  return undefined;
};

const byCultivars = (table: SeriesTable): string | undefined => {
  const own = cultivarSignatures[table.series.id];
  if (own === undefined) return undefined;
  const names = new Set(table.rows.map((row) => fold(row.name)));
  if (count(names, own) > 0) return undefined;
  for (const [id, marks] of Object.entries(cultivarSignatures)) {
    const found = marks.filter((mark) => names.has(mark));
    if (found.length >= enoughCultivars)
      return `it has the cultivars of ${fileOf(id)}, such as ${found.slice(0, 2).join(' and ')}`;
  }
  return undefined;
};

/** Figures by name, year and measure. */
const figuresOf = (table: SeriesTable): Map<string, number> => {
  const figures = new Map<string, number>();
  for (const [row, { name }] of table.rows.entries()) {
    const folded = fold(name);
    for (const [column, { year, measure }] of table.columns.entries()) {
      const value = table.values[row * table.columns.length + column] ?? Number.NaN;
      if (value > 0) figures.set(`${folded} ${year} ${measure.measure}`, value);
    }
  }
  return figures;
};

const made = new WeakMap<SeriesTable, Map<string, number>>();
/** The same, made once for each table: each of the fifteen is compared with all others. */
const knownFiguresOf = (table: SeriesTable): ReadonlyMap<string, number> => {
  const figures = made.get(table) ?? figuresOf(table);
  made.set(table, figures);
  return figures;
};

const byFigures = (table: SeriesTable, others: readonly SeriesTable[]): string | undefined => {
  const own = figuresOf(table);
  if (own.size < enoughFigures) return undefined;
  for (const other of others) {
    if (other.series.id === table.series.id) continue;
    let equal = 0;
    for (const [key, value] of knownFiguresOf(other)) if (own.get(key) === value) equal += 1;
    if (equal * 2 > own.size) return `${equal} of its ${own.size} figures are those of ${other.series.file}`;
  }
  return undefined;
};

/** @returns why a file is another series', as far as the catalogue and the data of the others tell */
export const otherSeries = (table: SeriesTable, others: readonly SeriesTable[]): string | undefined =>
  bySections(table) ?? byCultivars(table) ?? byFigures(table, others);
