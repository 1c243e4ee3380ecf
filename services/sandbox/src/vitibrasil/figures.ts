/** FNV-1a: spreads texts over 32 bits. */
const hash = (text: string): number => {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  // The last characters (the year) must move the high bits too.
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  return (state ^ (state >>> 13)) >>> 0;
};

/** A number from 0 to 1 that only depends on the text. */
const chance = (text: string) => hash(text) / 2 ** 32;

/** A made-up quantity, the same on every machine: of a size of its own for each row, growing slowly, some years zero. */
export const madeUpFigure = (file: string, row: string, year: number): number => {
  if (chance(`${file} ${row} starts`) * 40 > year - 1965 || chance(`${file} ${row} ${year} zero`) < 0.05) return 0;
  const size = 10 ** (3 + 4 * chance(`${file} ${row} size`));
  return Math.round(size * (1 + (year - 1970) / 60) * (0.7 + 0.6 * chance(`${file} ${row} ${year}`)));
};

/** A made-up price in US$ per kilogram. */
export const madeUpPrice = (file: string, row: string, year: number): number =>
  0.5 + 3 * chance(`${file} ${row} price`) + chance(`${file} ${row} ${year} price`);
