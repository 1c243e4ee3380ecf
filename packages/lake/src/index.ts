export * from './columns.ts';
export * from './decimal-column.ts';
export * from './table.ts';
export * from './to-parquet.ts';
