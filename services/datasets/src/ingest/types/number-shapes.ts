/** Shapes of values that are numbers where the decimal mark is a point. */
export const pointShapes = [
  'integer',
  'point',
  'point_or_groups',
  'comma_groups_point',
  'comma_groups',
  'comma_or_groups',
  'exponent',
  'unusual',
] as const;

/** And where it is a comma. */
export const commaShapes = [
  'integer',
  'comma',
  'comma_or_groups',
  'point_groups_comma',
  'point_groups',
  'point_or_groups',
] as const;
