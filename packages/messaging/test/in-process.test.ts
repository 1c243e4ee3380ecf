import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from '@vindima/test-servers';
import { describe, expect, it } from 'vitest';
import { openInProcessBus } from '../src/index.ts';
import { deadLetterRetentionMs, duplicateWindowMs, eventRetentionMs } from '../src/limits.ts';
import { quiet } from './quiet.ts';
import { until } from './until.ts';

const message = (subject: string, n: number) => ({
  id: `${subject}-${n}`,
  subject,
  type: 'test.message.v1',
  source: 'test',
  time: new Date().toISOString(),
  payload: { n },
});

describe('what is special to the bus in one process', () => {
  it('refuses a file that another process has open', async () => {
    const path = join(temporaryFolder(), 'messages.db');
    const bus = await openInProcessBus({ path, logger: quiet });
    await expect(openInProcessBus({ path, logger: quiet })).rejects.toMatchObject({ code: 'messaging.store_in_use' });
    await bus.close();
    await (await openInProcessBus({ path, logger: quiet })).close();
  });

  it('counts the attempts that ended with the process, and gives up in the end', async () => {
    const path = join(temporaryFolder(), 'messages.db');
    const first = await openInProcessBus({ path, logger: quiet });
    await first.publish([message('commands.test.kill', 1)]);
    await first.close();
    const program = `
      const { openInProcessBus } = await import(${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))});
      const nothing = () => {};
      const bus = await openInProcessBus({ path: ${JSON.stringify(path)}, logger: { debug: nothing, info: nothing, warn: nothing, error: nothing } });
      await bus.consume({ name: 'one', subjects: ['commands.test.kill'], maximumDeliveries: 1 }, async () => process.kill(process.pid, 'SIGKILL'));`;
    for (const _ of [1, 2, 3, 4, 5]) {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      expect((await once(child, 'exit'))[1]).toBe('SIGKILL');
    }
    const bus = await openInProcessBus({ path, logger: quiet });
    let handled = 0;
    await bus.consume({ name: 'one', subjects: ['commands.test.kill'], maximumDeliveries: 1 }, async (deliveries) => {
      handled += 1;
      return deliveries.map(() => ({ done: true }));
    });
    const [letter] = await until(
      () => bus.deadLetters.list(),
      ({ length }) => length === 1,
    );
    expect(letter?.error).toContain('never answered');
    expect(handled).toBe(0);
    await bus.close();
  });

  it('forgets old events, ids and dead letters, and keeps commands until they are done', async () => {
    const path = join(temporaryFolder(), 'messages.db');
    const bus = await openInProcessBus({ path, logger: quiet });
    await bus.publish([message('commands.test.a', 1), message('events.test.a', 1), message('events.test.a', 2)]);
    await bus.consume({ name: 'one', subjects: ['events.test.b'] }, async () => [
      { done: false, dead: true, error: 'no' },
    ]);
    await bus.publish([message('events.test.b', 1)]);
    await until(
      () => bus.deadLetters.list(),
      ({ length }) => length === 1,
    );
    await bus.close();
    const file = new DatabaseSync(path);
    file
      .prepare(`UPDATE messages SET stored_at = stored_at - ? WHERE id <> 'events.test.a-2'`)
      .run(eventRetentionMs + 1_000);
    file.prepare('UPDATE published SET at = at - ?').run(duplicateWindowMs + 1_000);
    file
      .prepare('UPDATE dead_letters SET last_failed_at = ?')
      .run(new Date(Date.now() - deadLetterRetentionMs - 1_000).toISOString());
    file.close();
    const again = await openInProcessBus({ path, logger: quiet });
    const seen: string[] = [];
    const watching = new AbortController();
    for await (const { id } of again.tail({ subjects: ['events.>'], after: 0, signal: watching.signal })) {
      seen.push(id);
      watching.abort();
    }
    const commands: string[] = [];
    await again.publish([message('commands.test.a', 1)]);
    await again.consume({ name: 'one', subjects: ['commands.test.a'] }, async (deliveries) => {
      commands.push(...deliveries.map(({ id }) => id));
      return deliveries.map(() => ({ done: true }));
    });
    await until(
      () => commands.length,
      (length) => length === 2,
    );
    expect(seen).toEqual(['events.test.a-2']);
    expect(await again.deadLetters.list()).toEqual([]);
    await again.close();
  });

  it('does not keep others from their turn while it works through a backlog', async () => {
    const bus = await openInProcessBus({ path: ':memory:', logger: quiet });
    await bus.publish(Array.from({ length: 2_000 }, (_, n) => message('commands.test.many', n)));
    let handled = 0;
    let handledAtTurn = -1;
    setImmediate(() => {
      handledAtTurn = handled;
    });
    await bus.consume({ name: 'one', subjects: ['commands.test.many'] }, async (deliveries) => {
      handled += deliveries.length;
      return deliveries.map(() => ({ done: true }));
    });
    await until(
      () => handled,
      (count) => count === 2_000,
    );
    expect(handledAtTurn).toBeGreaterThanOrEqual(0);
    expect(handledAtTurn).toBeLessThan(100);
    await bus.close();
  });

  it('takes no message once it is closed', async () => {
    const bus = await openInProcessBus({ path: ':memory:', logger: quiet });
    const last = bus.publish([message('events.test.a', 1)]);
    await bus.close();
    await expect(last).resolves.toHaveLength(1);
    await expect(bus.publish([message('events.test.a', 2)])).rejects.toMatchObject({ code: 'messaging.unavailable' });
    await bus.close();
  });
});
