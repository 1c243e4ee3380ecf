import { type Static, Type } from 'typebox';
import { Nullable, StringEnum, Timestamp } from './schema.ts';
import { WineSeriesId, wineMeasures, wineMissingReasons, wineSeriesIds, wineUnits } from './wine.ts';

/** SHA-256 of a file as it was fetched: the name of a vintage. */
export const WineSha256 = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of a file as it was fetched',
});

/** Why a file is kept apart until somebody takes it. */
export const wineFindingCodes = ['other_series', 'rows_lost', 'years_lost', 'figures_changed', 'figures_lost'] as const;
export const WineFinding = Type.Object({
  code: StringEnum(wineFindingCodes, { description: 'What kind of difference it is' }),
  message: Type.String({ description: 'What differs' }),
});
export type WineFinding = Static<typeof WineFinding>;

/** A file that was fetched and not taken. */
export const WineHeldFile = Type.Object(
  {
    sha256: WineSha256,
    series: WineSeriesId,
    url: Type.String(),
    bytes: Type.Integer(),
    first_seen_at: Timestamp,
    findings: Type.Array(WineFinding),
  },
  { title: 'WineHeldFile' },
);
export type WineHeldFile = Static<typeof WineHeldFile>;

/** A content of a series' file that is or was served. */
export const WineVintage = Type.Object(
  {
    series: WineSeriesId,
    sha256: WineSha256,
    url: Type.String(),
    bytes: Type.Integer(),
    first_seen_at: Timestamp,
    served_from: { ...Timestamp, description: 'Since when it was served, the last time that it was' },
    accepted_by: Nullable(Type.String({ description: 'Who took it all the same, where it was held' })),
  },
  { title: 'WineVintage' },
);
export type WineVintage = Static<typeof WineVintage>;

/** `revised`: another figure than before; `filled`: a figure where none was; `withdrawn`: none where one was. */
export const wineChangeKinds = ['revised', 'filled', 'withdrawn'] as const;

/** A past figure that is another than in the vintage before. New years and new rows are no changes. */
export const WineChange = Type.Object(
  {
    sequence: Type.Integer({ description: 'The place to resume behind' }),
    kind: StringEnum(wineChangeKinds),
    series: WineSeriesId,
    section: Nullable(Type.String()),
    name: Type.String(),
    year: Type.Integer(),
    measure: StringEnum(wineMeasures),
    unit: StringEnum(wineUnits),
    before: Nullable(Type.Number()),
    before_missing_reason: Nullable(StringEnum(wineMissingReasons)),
    after: Nullable(Type.Number()),
    after_missing_reason: Nullable(StringEnum(wineMissingReasons)),
    vintage: WineSha256,
    vintage_before: WineSha256,
    recorded_at: Timestamp,
  },
  { title: 'WineChange' },
);
export type WineChange = Static<typeof WineChange>;

export const WineChangesQuery = Type.Object({
  after: Type.Optional(
    Type.Integer({ minimum: 0, default: 0, description: '`next_after` of the answer before; 0 for all' }),
  ),
  kind: Type.Optional(StringEnum(wineChangeKinds, { description: 'All if left out' })),
  series: Type.Optional(StringEnum(wineSeriesIds, { description: 'All if left out' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000, description: 'Changes at once' })),
});
export type WineChangesQuery = Static<typeof WineChangesQuery>;

export const WineChangesPage = Type.Object(
  {
    items: Type.Array(WineChange),
    next_after: Type.Integer({ description: 'Ask behind this next' }),
    last: Type.Integer({ description: 'The newest change there is; more is waiting while `next_after` is smaller' }),
  },
  { title: 'WineChangesPage' },
);
export type WineChangesPage = Static<typeof WineChangesPage>;
