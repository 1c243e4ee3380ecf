import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseConnection, Driver, TransactionSettings } from 'kysely';
import { databaseClosed } from './errors.ts';

/** How long a closing database waits for the queries and transactions that are running, in milliseconds. */
const DRAIN_MS = 10_000;

/**
 * A driver that knows which of its connections are in use: once closing begins it hands out no more, and it is destroyed
 * only when the ones in use came back, or 10 s later.
 */
export class TrackedDriver implements Driver {
  readonly #driver: Driver;
  #inUse = 0;
  #closing = false;
  #idle: (() => void) | undefined;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  init(): Promise<void> {
    return this.#driver.init();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#closing) throw databaseClosed();
    this.#inUse += 1;
    try {
      return await this.#driver.acquireConnection();
    } catch (error) {
      this.#returned();
      throw error;
    }
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    try {
      await this.#driver.releaseConnection(connection);
    } finally {
      this.#returned();
    }
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return this.#driver.beginTransaction(connection, settings);
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#driver.commitTransaction(connection);
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#driver.rollbackTransaction(connection);
  }

  async destroy(): Promise<void> {
    await this.#drain();
    await this.#driver.destroy();
  }

  async #drain(): Promise<void> {
    this.#closing = true;
    if (this.#inUse === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idle = resolve;
    const stop = new AbortController();
    await Promise.race([promise, delay(DRAIN_MS, undefined, { signal: stop.signal }).catch(() => {})]);
    stop.abort();
  }

  #returned(): void {
    this.#inUse -= 1;
    if (this.#inUse === 0) this.#idle?.();
  }
}
