import { type Expression, type SqlBool, sql } from 'kysely';

export interface Circle {
  readonly latitude: number;
  readonly longitude: number;
  readonly kilometres: number;
}

/** Mean radius of the Earth (IUGG). */
const earthRadius = 6371.0088;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/**
 * Whether `said` was taken within a circle: within a box first, which an index knows, then by the chord between the two points on the sphere,
 * whose length needs no inverse function. SQLite and MySQL both have sin, cos and radians.
 */
export const isNear = ({ latitude, longitude, kilometres }: Circle): Expression<SqlBool>[] => {
  const angle = Math.min(Math.PI, kilometres / earthRadius);
  const degrees = (angle * 180) / Math.PI;
  const chord = 4 * Math.sin(angle / 2) ** 2;
  const [x, y, z] = [
    Math.cos(radians(latitude)) * Math.cos(radians(longitude)),
    Math.cos(radians(latitude)) * Math.sin(radians(longitude)),
    Math.sin(radians(latitude)),
  ];
  const [lat, lon] = [sql`radians(said.latitude)`, sql`radians(said.longitude)`];
  const between = [
    sql`(cos(${lat}) * cos(${lon}) - ${x}) * (cos(${lat}) * cos(${lon}) - ${x})`,
    sql`(cos(${lat}) * sin(${lon}) - ${y}) * (cos(${lat}) * sin(${lon}) - ${y})`,
    sql`(sin(${lat}) - ${z}) * (sin(${lat}) - ${z})`,
  ] as const;
  return [
    sql<boolean>`said.latitude between ${latitude - degrees} and ${latitude + degrees}`,
    sql<boolean>`${between[0]} + ${between[1]} + ${between[2]} <= ${chord}`,
  ];
};
