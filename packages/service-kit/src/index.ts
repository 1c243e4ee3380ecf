export { FormData } from 'undici';
export { CommonConfig } from './config/common.ts';
export {
  ConfigurationError,
  type Environment,
  readConfig,
  readVariables,
  withVariables,
} from './config/environment.ts';
export { Duration, Size } from './config/quantity.ts';
export { s3Credentials } from './config/s3-credentials.ts';
export { secretValues } from './config/secrets.ts';
export { resolveUpstream, type Upstream, type UpstreamSource, UpstreamUrl } from './config/upstream.ts';
export { Secret, type VariableOptions } from './config/variable.ts';
export type { App } from './http/app.ts';
export {
  assertMayRead,
  type Caller,
  callerHeaders,
  callerOf,
  mayChange,
  mayRead,
  objectKeyOf,
  operator,
  senderOf,
  sourceFor,
} from './http/caller.ts';
export { lingerForBody } from './http/early-answers.ts';
export { isLoopback, mayBeForeignPage } from './http/foreign-page.ts';
export type { HealthCheck } from './http/health.ts';
export { implement, type OperationHandler, type OperationRequest } from './http/implement.ts';
export { createJsonParser } from './http/json/parser.ts';
export { proxySign } from './http/proxy-sign.ts';
export { asSeenOutside, type PublicPlace, publicPlace } from './http/public-place.ts';
export { type ServerSentEvent, sendEvents } from './http/sse.ts';
export { answerWithJob } from './jobs/answer-with-job.ts';
export type { JobContext, JobDefinition, JobHandle, Jobs } from './jobs/jobs.ts';
export { restKey } from './jobs/rest-key.ts';
export { jobMigrations } from './jobs/table.ts';
export { type LogFile, openLogFile } from './log-file.ts';
export { createLogger, type Logger } from './logger.ts';
export { openPrivateFolder } from './private-folder.ts';
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
