/** SQL of 31/12/1980 as 1980-12-31; a time behind it stays. */
export const isoDate = (column: string, dayFirst: boolean): string => {
  const order = dayFirst ? String.raw`\3-\2-\1` : String.raw`\3-\1-\2`;
  return `regexp_replace(${column}, '^([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})', '${order}')`;
};
