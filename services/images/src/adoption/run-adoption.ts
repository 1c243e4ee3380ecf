import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ServiceError } from '@vindima/contracts';
import { openDatabase } from '@vindima/database';
import { messagingMigrations } from '@vindima/messaging';
import { openObjectStore } from '@vindima/object-store';
import {
  CommonConfig,
  ConfigurationError,
  createLogger,
  type Environment,
  jobMigrations,
  openPrivateFolder,
  readConfig,
} from '@vindima/service-kit';
import { Type } from 'typebox';
import { ImagesConfig } from '../config.ts';
import { hasOwnImages } from '../db/adopted-pictures.ts';
import { imagesMigrations } from '../db/migrations.ts';
import type { ImagesTables } from '../db/tables.ts';
import { images } from '../service.ts';
import { adopt } from './adopt.ts';
import { openOldTables } from './old-tables.ts';

const usage = `npm run images -- adopt --database mysql://user:password@host:3306/Pictures --files FOLDER [--offset NUMBER]

  Copies the pictures and tags of the Flask program that this service replaces, with their ids, dates and confidences. FOLDER is where that
  program was started, or where its files are. It can be run again, and never changes the old database or its files. --offset is added to
  every id, where this service has images of its own already. DATA_DIR, DATABASE_URL, OBJECT_STORE_URL and IMAGES_STORE_URL as for the service.
`;

/** Where to write: `process`, or a test. */
interface Terminal {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

interface Call {
  readonly database: string;
  readonly files: string;
  readonly offset: number;
}

const readCall = (args: readonly string[]): Call | undefined => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { database: { type: 'string' }, files: { type: 'string' }, offset: { type: 'string' } },
    });
    const { database, files, offset = '0' } = values;
    const isUnderstood = positionals.length === 1 && positionals[0] === 'adopt' && /^\d{1,9}$/.test(offset);
    return isUnderstood && database !== undefined && files !== undefined
      ? { database, files, offset: Number(offset) }
      : undefined;
  } catch {
    // An option that is none.
    return undefined;
  }
};

const runAdopt = async ({ database: url, files, offset }: Call, environment: Environment) => {
  const schema = Type.Object({ ...CommonConfig.properties, ...ImagesConfig.properties });
  const config = readConfig(schema, environment);
  const logger = createLogger({ name: 'images', level: 'fatal' });
  await openPrivateFolder(config.DATA_DIR);
  const database = await openDatabase<ImagesTables>({
    url: config.DATABASE_URL ?? `sqlite:${join(config.DATA_DIR, 'images.db')}`,
    service: images.databaseName,
    migrations: { ...messagingMigrations, ...jobMigrations, ...imagesMigrations },
    ...(images.ownTables === undefined ? {} : { ownTables: images.ownTables }),
    logger,
  });
  const place = config.IMAGES_STORE_URL ?? config.OBJECT_STORE_URL ?? `file:${join(config.DATA_DIR, 'lake')}`;
  const objects = await openObjectStore(place, { logger });
  const old = openOldTables(url);
  try {
    if (offset === 0 && (await hasOwnImages(database.query))) {
      throw new ConfigurationError('This service has images of its own already: give an --offset for the ids.');
    }
    const maximumPixels = config.IMAGES_MAXIMUM_PIXELS;
    return await adopt({ database, objects, old, folder: files, offset, maximumPixels });
  } finally {
    await old.close();
    await objects.close();
    await database.close();
  }
};

/** An error of Node.js or the database's driver, which says what could not be reached or read. */
const isSystemError = (error: unknown): error is Error => error instanceof Error && 'code' in error;

/** `npm run images`. @returns the exit code: 0, 1 when something could not be done or taken, 2 for a call that is not understood */
export const runImages = async (
  args: readonly string[],
  environment: Environment,
  { stdout, stderr }: Terminal,
): Promise<number> => {
  if (args.includes('--help') || args.includes('-h')) {
    stdout.write(usage);
    return 0;
  }
  const call = readCall(args);
  if (call === undefined) {
    stderr.write(usage);
    return 2;
  }
  try {
    const { adopted, known, problems } = await runAdopt(call, environment);
    for (const problem of problems) stderr.write(`${problem}\n`);
    stdout.write(`${adopted} pictures adopted, ${known} known already, ${problems.length} problems.\n`);
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof ServiceError || isSystemError(error))) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  }
};
