/** As Frankfurter rounds what it has computed: the larger a rate, the fewer digits (its specification, "roundable"). */
export const roundAsFrankfurter = (value: number): number => {
  if (value > 5000) return Math.round(value);
  const places = value > 80 ? 2 : value > 20 ? 3 : value > 1 ? 4 : value > 0.0001 ? 5 : 6;
  return Number(value.toFixed(places));
};
