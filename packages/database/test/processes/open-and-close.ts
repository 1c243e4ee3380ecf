// Opens the database whose URL is the argument, prints how many migrations it applied, and closes it.
import { openDatabase } from '../../src/index.ts';
import { type Accounts, MIGRATIONS } from '../accounts.ts';

let applied = 0;
const logger = {
  info: (details: object) => {
    if ('migrations' in details && Array.isArray(details.migrations)) applied = details.migrations.length;
  },
  warn: () => {},
};
const database = await openDatabase<Accounts>({
  url: process.argv[2] ?? '',
  service: 'accounts',
  migrations: MIGRATIONS,
  logger,
});
await database.close();
process.stdout.write(String(applied));
