import { ServiceError } from '@vindima/contracts';

/** Lets one holder in at a time, in the order of asking. */
export class WriterLock {
  #held = false;
  readonly #waiting: (() => void)[] = [];

  /**
   * @returns a function that gives the lock back; calling it twice does nothing.
   * @throws ServiceError `database.busy` after `timeoutMs`.
   */
  async acquire(timeoutMs: number): Promise<() => void> {
    if (this.#held) await this.#wait(timeoutMs);
    this.#held = true;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#release();
    };
  }

  #wait(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(
          new ServiceError(
            503,
            'database.busy',
            `another transaction held the database for ${timeoutMs} ms; a transaction that queries outside itself waits for itself`,
          ),
        );
      }, timeoutMs);
      this.#waiting.push(enter);
    });
  }

  #release(): void {
    const next = this.#waiting.shift();
    // The lock stays held when it goes to the next in line, so that nobody can slip in between.
    if (next === undefined) this.#held = false;
    else next();
  }
}
