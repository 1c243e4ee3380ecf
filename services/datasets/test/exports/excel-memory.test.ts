import { stat } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { useEngine } from '../support/engine.ts';

// A million rows under the default of 512 MB took all of it; fewer rows, and as much less memory, tell the same.
const { read, render } = await useEngine({ memory: 290 * 2 ** 20 });

it('a long table becomes a workbook without what is short-lived piling up in memory', async () => {
  const lines = Array.from(
    { length: 200_000 },
    (_, row) => `${row},Person ${row},user${row}@example.org,${row / 100},2026-11-${(row % 28) + 1},note number ${row}`,
  );
  const { table } = await read('long.csv', `id,name,email,amount,day,note\n${lines.join('\n')}\n`);
  expect((await stat(await render(table, 'excel'))).size).toBeGreaterThan(1_000_000);
});
