import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '@vindima/contracts';
import { openDatabase } from '@vindima/database';
import { messagingMigrations } from '@vindima/messaging';
import {
  CommonConfig,
  ConfigurationError,
  createLogger,
  type Environment,
  jobMigrations,
  readConfig,
} from '@vindima/service-kit';
import { createUsers } from '../auth/users.ts';
import { gatewayMigrations } from '../db/migrations.ts';
import type { GatewayTables } from '../db/tables.ts';

const usage = `npm run admin -- reset-password NAME [--password-stdin]

  Gives a user another password without asking for the one before, and ends their logins. The password is made up and printed, or read
  from standard input with --password-stdin. The platform may be running. DATA_DIR or DATABASE_URL as for npm start.
`;

/** Where to read and write: `process`, or a test. */
interface Terminal {
  readonly stdin: AsyncIterable<string | Buffer>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/**
 * `npm run admin`: what whoever operates the platform may do past its door.
 *
 * @returns the exit code: 0, 1 when it could not be done, 2 for a call that is not understood
 */
export const runAdmin = async (
  args: readonly string[],
  environment: Environment,
  terminal: Terminal,
): Promise<number> => {
  const { stdout, stderr } = terminal;
  const [command, name, option, ...rest] = args;
  if (command === '--help' || command === '-h') {
    stdout.write(usage);
    return 0;
  }
  const readsPassword = option === '--password-stdin';
  if (
    command !== 'reset-password' ||
    name === undefined ||
    rest.length > 0 ||
    (option !== undefined && !readsPassword)
  ) {
    stderr.write(usage);
    return 2;
  }
  try {
    const password = readsPassword ? await readPassword(terminal.stdin) : randomBytes(15).toString('base64url');
    const disabled = await resetPassword(environment, name, password);
    stdout.write(
      readsPassword
        ? `The password of ${name} was changed`
        : `The new password of ${name} is ${password} (shown this once)`,
    );
    stdout.write(`; their logins end within five seconds.\n`);
    if (disabled) stdout.write(`${name} is disabled: an admin has to enable them.\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof ServiceError)) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  }
};

/** @returns whether the user is disabled */
const resetPassword = async (environment: Environment, name: string, password: string): Promise<boolean> => {
  const config = readConfig(CommonConfig, environment);
  const file = join(config.DATA_DIR, 'gateway.db');
  if (config.DATABASE_URL === undefined && !existsSync(file)) {
    throw new ConfigurationError(`DATA_DIR=${config.DATA_DIR}: there is no platform in it (${file})`);
  }
  const database = await openDatabase<GatewayTables>({
    url: config.DATABASE_URL ?? `sqlite:${file}`,
    service: 'gateway',
    migrations: { ...messagingMigrations, ...jobMigrations, ...gatewayMigrations },
    logger: createLogger({ name: 'admin', level: 'fatal' }),
  });
  try {
    const users = createUsers(
      database,
      () => new Date(),
      () => {},
    );
    return (await users.resetPassword(name, password)).disabled;
  } finally {
    await database.close();
  }
};

const readPassword = async (input: Terminal['stdin']): Promise<string> => {
  let text = '';
  for await (const part of input) text += part;
  const password = text.replace(/\r?\n$/, '');
  if (password.length >= 10 && password.length <= 200) return password;
  throw new ConfigurationError('The password has 10 to 200 characters.');
};
