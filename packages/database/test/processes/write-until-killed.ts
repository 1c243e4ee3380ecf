// Writes pairs of rows, each pair in one transaction that takes a while, until it is killed. After each commit it prints
// the number of the pair.
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '../../src/index.ts';
import { type Accounts, MIGRATIONS } from '../accounts.ts';

const database = await openDatabase<Accounts>({
  url: process.argv[2] ?? '',
  service: 'accounts',
  migrations: MIGRATIONS,
});
for (let pair = Number(process.argv[3]); ; pair += 1) {
  await database.transaction(async (transaction) => {
    await transaction
      .insertInto('account')
      .values({ id: `${pair} first`, balance: 0 })
      .execute();
    await delay(Math.random() * 10);
    await transaction
      .insertInto('account')
      .values({ id: `${pair} second`, balance: 0 })
      .execute();
  });
  process.stdout.write(`${pair}\n`);
}
