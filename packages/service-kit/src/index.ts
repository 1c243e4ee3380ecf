export { FormData } from 'undici';
export { CommonConfig } from './config/common.ts';
export {
  ConfigurationError,
  type Environment,
  readConfig,
  Secret,
  type VariableOptions,
} from './config/environment.ts';
export { Duration, Size } from './config/quantity.ts';
export { resolveUpstream, type Upstream, type UpstreamSource, UpstreamUrl } from './config/upstream.ts';
export type { App } from './http/app.ts';
export { lingerForBody } from './http/early-answers.ts';
export { isLoopback, mayBeForeignPage } from './http/foreign-page.ts';
export type { HealthCheck } from './http/health.ts';
export { implement, type OperationHandler, type OperationRequest } from './http/implement.ts';
export { createJsonParser } from './http/json/parser.ts';
export { type ServerSentEvent, sendEvents } from './http/sse.ts';
export type { JobContext, JobDefinition, JobHandle, Jobs } from './jobs/jobs.ts';
export { type LogFile, openLogFile } from './log-file.ts';
export { createLogger, type Logger } from './logger.ts';
export { runService, runUntilSignal } from './run-service.ts';
export type { Schedule } from './schedule.ts';
export {
  type BaseContext,
  defineService,
  defineStatelessService,
  type KitTables,
  type Service,
  type ServiceContext,
} from './service.ts';
export { openBus, type RunningService, type StartOptions, startService } from './start-service.ts';
export { createUpstreamClient, type UpstreamClient } from './upstream/client.ts';
export type { UpstreamRequest, UpstreamResponse } from './upstream/request.ts';
export { version } from './version.ts';
