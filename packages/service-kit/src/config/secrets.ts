/**
 * The values of a secret that is being changed, separated by commas: the first is used, all are accepted, so that there is no moment at
 * which one process knows the new value and another the old one alone. The whole is accepted too, as it may be one value of old.
 */
export const secretValues = (text: string | undefined): readonly string[] => {
  if (text === undefined) return [];
  const values = text.split(',').map((value) => value.trim());
  return [...new Set([...values.filter((value) => value !== ''), text])];
};
