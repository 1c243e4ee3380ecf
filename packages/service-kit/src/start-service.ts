import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnyMessage, jobEvents } from '@vindima/contracts';
import { type Database, openDatabase } from '@vindima/database';
import {
  type Bus,
  connectNatsBus,
  createMessenger,
  type MessageHandler,
  type Messenger,
  messagingMigrations,
  openInProcessBus,
} from '@vindima/messaging';
import { openObjectStore } from '@vindima/object-store';
import { Counter } from 'prom-client';
import { Type } from 'typebox';
import { CommonConfig } from './config/common.ts';
import { ConfigurationError, type Environment, readVariables } from './config/environment.ts';
import { s3Credentials } from './config/s3-credentials.ts';
import { secretValues } from './config/secrets.ts';
import { checkTrustedProxies } from './config/trusted-proxies.ts';
import { watchDisks } from './disk/disk-watch.ts';
import { type App, createApp } from './http/app.ts';
import { registerAsyncApi } from './http/asyncapi.ts';
import { assertMayRead, objectKeyOf, senderOf } from './http/caller.ts';
import { isLoopback } from './http/foreign-page.ts';
import { type HealthCheck, registerHealth } from './http/health.ts';
import { registerMetrics } from './http/metrics.ts';
import { publicPlace } from './http/public-place.ts';
import { registerReference } from './http/reference.ts';
import { refuseFilesWhen } from './http/refuse-files.ts';
import { createJobs } from './jobs/create-jobs.ts';
import type { JobAnnouncer } from './jobs/jobs.ts';
import { registerJobRoutes } from './jobs/routes.ts';
import { type JobTables, jobMigrations } from './jobs/table.ts';
import { createLogger, type Logger } from './logger.ts';
import { openPrivateFolder } from './private-folder.ts';
import { createSchedule } from './schedule.ts';
import type { BaseContext, KitTables, Service, ServiceContext } from './service.ts';
import { createUpstreamClient } from './upstream/client.ts';
import { version } from './version.ts';
import { shownAddress, whileWaiting } from './while-waiting.ts';

export interface StartOptions {
  readonly environment: Environment;
  /** A bus that several services of one process share; the caller closes it. */
  readonly bus?: Bus;
  readonly logger?: Logger;
  readonly clock?: () => Date;
  /** Whether programs of this machine may call it without the `INTERNAL_TOKEN`. Default: only where there is none. */
  readonly answersLocalCalls?: boolean;
  /** Whoever starts it has read its variables already, and told what there was to notice about them. */
  readonly quietly?: boolean;
  /** Hears what the start is waiting for; default: the log. */
  readonly tell?: (sentence: string) => void;
}

export interface RunningService {
  readonly name: string;
  readonly title: string;
  /** Where it listens: `http://127.0.0.1:8101` */
  readonly url: string;
  readonly app: App;
  /** Stops taking work, finishes or gives back what runs, closes everything. */
  stop(): Promise<void>;
}

const dayMs = 86_400_000;

type Closing = () => Promise<void> | void;
/** What is to be closed, the last one first; the service's own hooks are one entry that is still filled while it is composed. */
type ClosingList = (Closing | Closing[])[];

/**
 * Starts a service: reads its configuration, opens what it needs, composes it, listens. If any step fails, what was opened
 * is closed again and the error says what is wrong.
 */
export const startService = async (service: Service, options: StartOptions): Promise<RunningService> => {
  const schema = Type.Object({ ...CommonConfig.properties, ...service.config.properties });
  const { config, notices } = readVariables(schema, options.environment);
  const logger = (options.logger ?? createLogger({ name: service.name, level: config.LOG_LEVEL })).child({
    service: service.name,
  });
  const internalTokens = secretValues(config.INTERNAL_TOKEN);
  if (options.quietly !== true) for (const notice of notices) logger.warn(notice);
  checkTrustedProxies(config.TRUSTED_PROXIES);
  const closing: ClosingList = [];
  const hooks: Closing[] = [];
  const stopping = new AbortController();
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= closeAll(closing.flat().reverse(), stopping, logger);
    return stopped;
  };
  try {
    const app = await createApp({
      name: service.name,
      title: service.title,
      description: service.description,
      version,
      logger,
      ...(service.responses === undefined ? {} : { responses: service.responses }),
      ...(service.bodyLimit === undefined ? {} : { bodyLimit: service.bodyLimit }),
      internalTokens: service.open ? [] : internalTokens,
      answersLocalCalls:
        !service.open && isLoopback(config.HOST) && (internalTokens.length === 0 || options.answersLocalCalls === true),
      ...(config.TRUSTED_PROXIES === undefined ? {} : { trustedProxies: config.TRUSTED_PROXIES }),
      documents: !service.front,
      ...(service.front ? { publicBase: publicPlace(config.PUBLIC_URL).base } : {}),
    });
    const checks = new Map<string, HealthCheck>();
    const disks = watchDisks(foldersOf(config), config.MINIMUM_FREE_SPACE);
    closing.push(disks.stop);
    checks.set('disk', disks.check);
    refuseFilesWhen(app as never, service.name, disks.isLow);
    const starting: Closing[] = [];
    const http = createUpstreamClient({ signal: stopping.signal });
    closing.push(http.close);
    const base: BaseContext<unknown> = {
      app,
      config,
      logger,
      clock: options.clock ?? (() => new Date()),
      signal: stopping.signal,
      http,
      metrics: registerMetrics(app as never, service.name),
      addHealthCheck: (name, check) => checks.set(name, check),
      onStop: (close) => hooks.push(close),
      onStart: (begin) => starting.push(begin),
    };
    registerHealth(app, { name: service.name, version }, checks);
    if (service.migrations === undefined) closing.push(hooks);
    const context =
      service.migrations === undefined ? base : await addState(service, base, options, { closing, hooks, starting });
    await service.compose(context as never);
    // Closing goes backwards: HTTP first, so that nothing new comes in while the rest ends.
    closing.push(() => app.close());
    await listen(app, config.HOST, config.PORT ?? service.port);
    for (const begin of starting) await begin();
    const url = addressOf(app, config.HOST);
    logger.info({ url, version }, `${service.title} listens on ${url}`);
    return { name: service.name, title: service.title, url, app, stop };
  } catch (error) {
    // Why it does not start is what counts; what could not be closed is in the log.
    await stop().catch(() => {});
    throw error;
  }
};

/** Where a service writes: work in progress, and what is kept here and not on servers. */
const foldersOf = (config: CommonConfig): string[] => {
  const folders = [tmpdir()];
  if ([config.DATABASE_URL, config.NATS_URL, config.OBJECT_STORE_URL].includes(undefined))
    folders.push(config.DATA_DIR);
  if (config.OBJECT_STORE_URL?.startsWith('file:')) folders.push(config.OBJECT_STORE_URL.slice('file:'.length));
  return folders;
};

/** Opens database, bus and object store, and what is made of them. */
const addState = async (
  service: Service,
  base: BaseContext<unknown>,
  options: StartOptions,
  { closing, hooks, starting }: { closing: ClosingList; hooks: Closing[]; starting: Closing[] },
): Promise<ServiceContext<unknown, KitTables>> => {
  const { config, logger, app } = base;
  const { name } = service;
  await openPrivateFolder(config.DATA_DIR);
  const tell = options.tell ?? ((sentence: string) => logger.warn(sentence));
  const storeUrl = config.OBJECT_STORE_URL ?? `file:${join(config.DATA_DIR, 'lake')}`;
  const objects = await whileWaiting(
    storeUrl.startsWith('s3:') ? tell : undefined,
    `the object store (OBJECT_STORE_URL=${storeUrl})`,
    openObjectStore(storeUrl, { logger, ...s3Credentials(config) }),
  );
  closing.push(() => objects.close());
  const databaseUrl = config.DATABASE_URL ?? `sqlite:${join(config.DATA_DIR, `${name}.db`)}`;
  const opened: Database<KitTables> = await whileWaiting(
    databaseUrl.startsWith('sqlite:') ? undefined : tell,
    `the database of ${name} (DATABASE_URL, at ${shownAddress(databaseUrl)})`,
    openDatabase<KitTables>({
      url: databaseUrl,
      service: service.databaseName,
      migrations: { ...messagingMigrations, ...jobMigrations, ...service.migrations },
      ...(service.ownTables === undefined ? {} : { ownTables: service.ownTables }),
      logger,
      signal: base.signal,
    }),
  );
  closing.push(() => opened.close());
  const bus = options.bus ?? (await openBus(config, name, logger, tell));
  if (options.bus === undefined) closing.push(() => bus.close());
  const messages = createMessenger<KitTables>({ bus, database: opened, service: name, logger });
  const database: Database<KitTables> = { ...opened, transaction: messages.transaction };
  const jobsEnded = new Counter({
    name: 'jobs_ended_total',
    help: 'Jobs that ended, by kind and outcome; retried: it failed and waits to be tried again',
    labelNames: ['kind', 'outcome'],
    registers: [base.metrics],
  });
  const jobs = createJobs({
    service: name,
    // The jobs know their own table only; Kysely's types are invariant in the others.
    database: database as unknown as Database<JobTables>,
    logger,
    clock: base.clock,
    concurrency: config.JOB_CONCURRENCY,
    onEnded: (kind, outcome) => jobsEnded.inc({ kind, outcome }),
    retentionDays: config.JOB_RETENTION / dayMs,
    announcer: announceJobs(name, messages),
  });
  const schedule = createSchedule({
    logger,
    clock: base.clock,
    database: database as unknown as Database<JobTables>,
  });
  // Jobs and consumers end before what the service opened for them is closed.
  closing.push(hooks, schedule.stop, () => messages.close(), jobs.stop);
  base.addHealthCheck('database', () => database.check());
  base.addHealthCheck('messages', () => bus.check());
  base.addHealthCheck('objects', () => objects.check());
  registerReference(app, name);
  if (!service.front) registerJobRoutes(app, name, jobs as never);
  const heard: AnyMessage[] = [];
  if (!service.front) registerAsyncApi(app, { ...service, version }, () => heard);
  starting.push(jobs.run, schedule.start, () => bus.advertise({ name, version, description: service.description }));
  const listening: Messenger<KitTables> = {
    ...messages,
    on: (definition, handler, onOptions) => {
      heard.push(definition);
      return messages.on(definition, definition.kind === 'command' ? forItsSender(name, handler) : handler, onOptions);
    },
  };
  return { ...base, database, messages: listening, bus, jobs: jobs as never, objects, schedule };
};

/** Lets a command read no object that its sender may not read. */
const forItsSender =
  <Payload>(service: string, handler: MessageHandler<KitTables, Payload>): MessageHandler<KitTables, Payload> =>
  async (payload, context) => {
    const objectKey = objectKeyOf(payload);
    if (objectKey !== undefined) assertMayRead(service, senderOf(context.message), objectKey);
    await handler(payload, context);
  };

/** Tells of jobs through the bus: ends in the transaction of the job's row, progress directly. */
const announceJobs = (service: string, messages: Messenger<KitTables>): JobAnnouncer => {
  const events = jobEvents(service);
  return {
    finished: async (transaction, { id, kind, state, progress, message, command_id, reference, outputs, outcome }) => {
      const end = { id, kind, state, progress, message, command_id, reference, outputs, outcome };
      await messages.send(transaction as never, events.finished, end, reference === null ? {} : { reference });
    },
    progressed: async (status) => {
      await messages.publish(events.progressed, status);
    },
  };
};

/** The bus that the configuration names. */
export const openBus = (
  config: Pick<CommonConfig, 'DATA_DIR' | 'NATS_URL' | 'NATS_PREFIX' | 'NATS_SYNC_INTERVAL'>,
  name: string,
  logger: Logger,
  tell = (sentence: string): void => logger.warn(sentence),
): Promise<Bus> =>
  config.NATS_URL === undefined
    ? openInProcessBus({ path: join(config.DATA_DIR, `${name}-messages.db`), logger })
    : whileWaiting(
        tell,
        `the message broker (NATS_URL, at ${shownAddress(config.NATS_URL)})`,
        connectNatsBus({
          url: config.NATS_URL,
          name,
          logger,
          ...(config.NATS_PREFIX === undefined ? {} : { streamPrefix: config.NATS_PREFIX }),
          syncIntervalMs: config.NATS_SYNC_INTERVAL,
        }),
      );

const listen = async (app: App, host: string, port: number) => {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new ConfigurationError(`Port ${port} on ${host} is taken: end what listens there, or choose another port.`);
    if (code === 'EACCES')
      throw new ConfigurationError(`Port ${port} on ${host} may not be used by this user: choose one above 1023.`);
    if (code === 'EADDRNOTAVAIL') throw new ConfigurationError(`HOST=${host}: expected an address of this machine.`);
    throw error;
  }
};

const addressOf = (app: App, host: string) => {
  const { port } = app.server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
};

const closeAll = async (closing: Closing[], stopping: AbortController, logger: Logger) => {
  const failures: unknown[] = [];
  for (const [index, close] of closing.entries()) {
    try {
      await close();
    } catch (error) {
      logger.error({ err: error }, 'could not close cleanly');
      failures.push(error);
    }
    // Requests have ended with HTTP, which is first: upstream calls and loops that are still there are not worth waiting for.
    if (index === 0) stopping.abort(new Error('the service stops'));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'The service did not stop cleanly.');
};
