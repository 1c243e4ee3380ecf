import { type CompiledQuery, type DatabaseConnection, type QueryResult, SelectQueryNode } from 'kysely';
import type { FieldPacket, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2';
import { bindValue } from '../bind-value.ts';
import { connectionLost, isConnectionLoss } from '../errors.ts';
import { refuseHiddenErrors } from './refuse-hidden-errors.ts';

// The protocol's number for a BIGINT column.
const LONGLONG = 8;

/** Rows, or what a statement without rows has done. */
type MysqlResult = RowDataPacket[] | ResultSetHeader;

/** One pooled connection as Kysely uses it. */
export class MysqlConnection implements DatabaseConnection {
  readonly raw: PoolConnection;
  /** Set once the server is known to be gone: such a connection is destroyed, never pooled again. */
  lost = false;
  #failRunning: ((error: Error) => void) | undefined;

  constructor(raw: PoolConnection) {
    this.raw = raw;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const [result, fields] = await this.query(sql, parameters);
    if (Array.isArray(result)) {
      refuseUnsafeIntegers(result, fields);
      return { rows: result as Row[] };
    }
    if (result.warningStatus > 0) await refuseHiddenErrors(sql, this, result.warningStatus);
    return {
      rows: [],
      numAffectedRows: BigInt(result.affectedRows),
      ...(result.insertId === 0 ? {} : { insertId: BigInt(result.insertId) }),
    };
  }

  async *streamQuery<Row>({ sql, parameters, query }: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    if (!SelectQueryNode.is(query)) throw new TypeError('only a select can be streamed');
    const rows = this.raw.query(sql, parameters.map(toMysql)).stream({ objectMode: true });
    try {
      for await (const row of rows) yield { rows: [row as Row] };
    } catch (error) {
      throw this.#translate(error);
    } finally {
      // A consumer that stops early leaves rows on the wire, where the next query would find them.
      if (!rows.readableEnded) this.lost = true;
      rows.destroy();
    }
  }

  /** Runs one statement with its parameters. */
  async query(sql: string, parameters: readonly unknown[] = []): Promise<[MysqlResult, FieldPacket[]]> {
    if (this.lost) throw connectionLost(undefined);
    const values = parameters.map(toMysql);
    try {
      return await new Promise((resolve, reject) => {
        this.#failRunning = reject;
        this.raw.query<MysqlResult>(sql, values, (error, result, fields) => {
          if (error) reject(error);
          else resolve([result, fields]);
        });
      });
    } catch (error) {
      throw this.#translate(error);
    }
  }

  /** Cuts the connection; what runs on it fails now, whether or not the server still answers. */
  abandon(): void {
    this.lost = true;
    this.raw.destroy();
    this.#failRunning?.(connectionLost(undefined));
  }

  #translate(error: unknown): unknown {
    const fatal = error instanceof Error && 'fatal' in error && error.fatal === true;
    if (!fatal && !isConnectionLoss(error)) return error;
    this.lost = true;
    return connectionLost(error);
  }
}

function toMysql(value: unknown): string | number | bigint | Buffer | null {
  const bound = bindValue(value);
  // The driver knows bytes only as a Buffer.
  return bound instanceof Uint8Array ? Buffer.from(bound.buffer, bound.byteOffset, bound.byteLength) : bound;
}

/** The driver hands integers beyond 2^53 over as text; SQLite refuses them, and so does this. */
function refuseUnsafeIntegers(rows: readonly RowDataPacket[], fields: readonly FieldPacket[]): void {
  for (const { name, columnType } of fields) {
    if (columnType !== LONGLONG) continue;
    for (const row of rows) {
      if (typeof row[name] === 'string') {
        throw new RangeError(`column ${name} holds ${row[name]}, which is too large for a number`);
      }
    }
  }
}
