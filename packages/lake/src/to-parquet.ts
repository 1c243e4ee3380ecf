import { type Table, tableToIPC } from 'apache-arrow';
import { Compression, Table as WasmTable, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm';

/**
 * Writes an Arrow table as one zstd-compressed Parquet file. The schema's metadata becomes the file's key-value metadata,
 * where every Parquet reader finds it.
 */
export const toParquet = (table: Table): Uint8Array => {
  const properties = new WriterPropertiesBuilder()
    .setCompression(Compression.ZSTD)
    .setKeyValueMetadata(new Map(table.schema.metadata))
    .setCreatedBy('vindima')
    .build();
  return writeParquet(WasmTable.fromIPCStream(tableToIPC(table, 'stream')), properties);
};
