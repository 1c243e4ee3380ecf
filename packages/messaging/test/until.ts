import { setTimeout as delay } from 'node:timers/promises';

/** Waits until something is so. @throws when it is not, after 20 s, with what it was last */
export const until = async <Value>(
  what: () => Value | Promise<Value>,
  isSo: (value: Value) => boolean,
): Promise<Value> => {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const value = await what();
    if (isSo(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`It did not come to that; last: ${JSON.stringify(value)?.slice(0, 500)}`);
    await delay(10);
  }
};
