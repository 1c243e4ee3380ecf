import type { ServerOptions } from 'node:http';
import type { Database, Migrations, OwnTables } from '@vindima/database';
import type { Bus, MessagingTables, Messenger } from '@vindima/messaging';
import type { ObjectStore } from '@vindima/object-store';
import type { Registry } from 'prom-client';
import type { Static, TObject } from 'typebox';
import type { CommonConfig } from './config/common.ts';
import type { App } from './http/app.ts';
import type { HealthCheck } from './http/health.ts';
import type { Jobs } from './jobs/jobs.ts';
import type { JobTables } from './jobs/table.ts';
import type { Logger } from './logger.ts';
import type { Schedule } from './schedule.ts';
import type { UpstreamClient } from './upstream/client.ts';

/** What every service gets, made once at its start and closed after it. */
export interface BaseContext<Config> {
  /** Register routes here, with schemas: they validate, document and type. */
  readonly app: App;
  /** The service's own variables and the common ones. */
  readonly config: Readonly<Config & CommonConfig>;
  readonly logger: Logger;
  /** Now; tests give another. */
  readonly clock: () => Date;
  /** Aborted when the service stops. */
  readonly signal: AbortSignal;
  /** For every call to a public API. */
  readonly http: UpstreamClient;
  readonly metrics: Registry;
  /** Adds to what `/health/ready` asks. */
  addHealthCheck(name: string, check: HealthCheck): void;
  /** Runs, last one first, when the service stops: after HTTP, jobs and consumers have ended, before bus and database close. */
  onStop(close: () => Promise<void> | void): void;
  /** Runs when everything is composed and the service is about to listen. */
  onStart(begin: () => Promise<void> | void): void;
}

/** The kit's own tables in every service's database. */
export type KitTables = JobTables & MessagingTables;

/** What a service with state gets besides. */
export interface ServiceContext<Config, Tables> extends BaseContext<Config> {
  /** Messages sent in one of its transactions go out as soon as that has committed. */
  readonly database: Database<Tables & KitTables>;
  readonly messages: Messenger<Tables & KitTables>;
  readonly bus: Bus;
  readonly jobs: Jobs<Tables & KitTables>;
  readonly objects: ObjectStore;
  readonly schedule: Schedule;
}

interface About<Schema extends TObject> {
  /** Also the first part of its paths, subjects, error codes and job ids. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The port it listens on unless `PORT` says otherwise. */
  readonly port: number;
  /** Its own variables. */
  readonly config: Schema;
  /** Bytes of a body, for routes that do not have their own. Default 1 MiB. */
  readonly bodyLimit?: number;
  /** Others than the gateway call it, so it does not ask for `INTERNAL_TOKEN`. */
  readonly open?: boolean;
  /** It stands before the other services: documents (`/docs`, `/openapi.json`, `/asyncapi.json`) and jobs are its own to serve, for all. */
  readonly front?: boolean;
  /** The class of the server's responses. Default: Node's own. */
  readonly responses?: ServerOptions['ServerResponse'];
}

/** A service with a database, messages, jobs and objects. */
export interface ServiceDefinition<Schema extends TObject, Tables> extends About<Schema> {
  /** Default: the service's name. */
  readonly databaseName?: string;
  readonly migrations: Migrations;
  /** Tables that an older program may have in the database that is named; see `openDatabase`. */
  readonly ownTables?: OwnTables;
  /** The composition root: registers routes, handlers, jobs and schedules. */
  compose(context: ServiceContext<Static<Schema>, Tables>): Promise<void> | void;
}

/** A service without state of its own. */
export interface StatelessDefinition<Schema extends TObject> extends About<Schema> {
  compose(context: BaseContext<Static<Schema>>): Promise<void> | void;
}

/** A service as the kit starts it, whatever its tables and variables are. */
export interface Service {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly port: number;
  readonly bodyLimit?: number;
  readonly open?: boolean;
  readonly front?: boolean;
  /** The class of the server's responses. Default: Node's own. */
  readonly responses?: ServerOptions['ServerResponse'];
  readonly config: TObject;
  readonly databaseName: string;
  /** Undefined for a service without state. */
  readonly migrations: Migrations | undefined;
  readonly ownTables?: OwnTables;
  readonly compose: (context: never) => Promise<void> | void;
}

export const defineService = <Schema extends TObject, Tables>(
  definition: ServiceDefinition<Schema, Tables>,
): Service => ({
  ...definition,
  databaseName: definition.databaseName ?? definition.name,
});

export const defineStatelessService = <Schema extends TObject>(definition: StatelessDefinition<Schema>): Service => ({
  ...definition,
  databaseName: definition.name,
  migrations: undefined,
});
