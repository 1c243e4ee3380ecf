import { countryOf, wordsOf } from '../catalogue/countries.ts';
import type { Row, SeriesTable } from '../vitibrasil/table.ts';
import { fold } from '../vitibrasil/text.ts';
import { readNames, type Vocabulary } from './names.ts';

const plain = (
  parameter: string,
  names: readonly (readonly [name: string, words: readonly string[]])[],
): Vocabulary => ({
  parameter,
  words: new Map(names.flatMap(([name, words]) => words.map((word) => [fold(word), name]))),
  names: [...new Set(names.map(([name]) => name))],
});

const countryWords = (rows: readonly Row[]): Vocabulary => {
  const words = new Map<string, string>();
  const names = new Set<string>();
  for (const { country: spelling } of rows) {
    if (spelling === null) continue;
    const country = countryOf(spelling);
    names.add(country.name);
    for (const word of [fold(spelling), ...wordsOf(country)]) words.set(word, country.name);
  }
  return { parameter: 'country', words, names: [...names] };
};

export interface NameFilter {
  readonly section?: string | undefined;
  readonly name?: string | undefined;
  readonly country?: string | undefined;
}

/**
 * Makes the test of a filter's names for the rows of some tables.
 *
 * @throws 404 `wine.no_match` for a name that none of the tables has
 */
export const rowTest = (tables: readonly SeriesTable[], filter: NameFilter): ((row: Row) => boolean) => {
  const rows = tables.flatMap((table) => table.rows);
  const sections = readNames(
    filter.section,
    plain(
      'section',
      rows.flatMap(({ section }) => (section === null ? [] : [[section, [section]] as const])),
    ),
  );
  const names = readNames(
    filter.name,
    plain(
      'name',
      rows.map(({ name, label }) => [name, [name, label]] as const),
    ),
  );
  const countries = readNames(filter.country, countryWords(rows));
  const folded = (found: ReadonlySet<string> | undefined) => found && new Set([...found].map(fold));
  const [wantedSections, wantedNames] = [folded(sections), folded(names)];
  return (row) =>
    (wantedSections === undefined || (row.section !== null && wantedSections.has(fold(row.section)))) &&
    (wantedNames === undefined || wantedNames.has(fold(row.name))) &&
    (countries === undefined || (row.country !== null && countries.has(countryOf(row.country).name)));
};
