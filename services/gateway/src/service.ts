import cors from '@fastify/cors';
import { type ServiceName, serviceNames, services } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import {
  ConfigurationError,
  defineService,
  isLoopback,
  publicPlace,
  type ServiceContext,
  secretValues,
} from '@vindima/service-kit';
import { createAudit } from './access/audit.ts';
import { createAuthenticate } from './access/authenticate.ts';
import { registerAccess } from './access/register-access.ts';
import { createApiKeys } from './auth/api-keys.ts';
import { checkSecrets } from './auth/check-secrets.ts';
import { createFirstAdmin } from './auth/first-admin.ts';
import { createKnownCallers } from './auth/known-callers.ts';
import { createLoginThrottle } from './auth/login-throttle.ts';
import { createRefreshTokens } from './auth/refresh-tokens.ts';
import { createSessions } from './auth/sessions.ts';
import { signingSecret } from './auth/signing-secret.ts';
import { createAccessTokens } from './auth/tokens.ts';
import { createUsers } from './auth/users.ts';
import { GatewayConfig } from './config.ts';
import { gatewayMigrations } from './db/migrations.ts';
import type { GatewayTables } from './db/tables.ts';
import { createDocuments } from './documents/create-documents.ts';
import { watchUnknownCommands } from './messages/unknown-commands.ts';
import { registerDeadLetters } from './operations/dead-letters.ts';
import { registerDocuments } from './operations/documents.ts';
import { registerHealth } from './operations/health.ts';
import { registerJobForwarding, registerJobs } from './operations/jobs.ts';
import { registerKeys } from './operations/keys.ts';
import { login } from './operations/login.ts';
import { logout } from './operations/logout.ts';
import { registerPage } from './operations/page.ts';
import { readAudit } from './operations/read-audit.ts';
import { refresh } from './operations/refresh.ts';
import { sendCommand } from './operations/send-command.ts';
import { registerUsers } from './operations/users.ts';
import { watchEvents } from './operations/watch-events.ts';
import { whoAmI } from './operations/who-am-i.ts';
import { GatewayResponse, type Neighbour } from './proxy/hand-over.ts';
import { registerProxy } from './proxy/register-proxy.ts';
import { createReplicas, type Replicas } from './proxy/replicas.ts';
import { corsOptions, registerSecurityHeaders } from './security.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * The one door: who may pass, to which service, and what is going on.
 *
 * @param neighbours the services that have been started in this process: they are handed their requests, without a connection between
 */
export const gatewayBeside = (neighbours: () => readonly Neighbour[]) =>
  defineService({
    name: 'gateway',
    ...services.gateway,
    open: true,
    front: true,
    responses: GatewayResponse,
    config: GatewayConfig,
    migrations: gatewayMigrations,
    async compose(context: ServiceContext<GatewayConfig, GatewayTables>) {
      const { app, config, database: opened, logger, clock, schedule, onStop } = context;
      if (config.AUTH === 'local' && !isLoopback(config.HOST)) {
        throw new ConfigurationError(
          `AUTH=local with HOST=${config.HOST}: expected a loopback address, as anybody who reaches it may pass; or AUTH=required.`,
        );
      }
      // Kysely's types are invariant in the tables that this service does not touch.
      const database = opened as unknown as Database<GatewayTables>;
      const callers = createKnownCallers(clock);
      const users = createUsers(database, clock, callers.forget);
      const keys = createApiKeys(database, clock, callers.forget);
      const refreshTokens = createRefreshTokens(database, config.GATEWAY_REFRESH_TOKEN_LIFETIME / dayMs, clock);
      await checkSecrets(config, users, (text) => {
        logger.warn(text);
        process.stderr.write(`gateway: ${text}\n`);
      });
      const [secret = await signingSecret(database), ...former] = secretValues(config.AUTH_SECRET);
      const accessTokens = createAccessTokens([secret, ...former], config.GATEWAY_ACCESS_TOKEN_LIFETIME / minuteMs);
      const generated = await createFirstAdmin(users, config.ADMIN_PASSWORD);
      // Not to the log, which is kept and read by others.
      if (generated !== undefined)
        process.stdout.write(`gateway: made the user admin with the password ${generated} (shown this once)\n`);

      const audit = createAudit(database, logger, clock);
      onStop(audit.close);
      app.decorateRequest('detail');
      // Before it is decided about, as what is refused is written down too.
      app.addHook('onRequest', (request, reply, done) => {
        audit.follow(request, reply);
        done();
      });

      const [internalToken] = secretValues(config.INTERNAL_TOKEN);
      const replicas = await openReplicas(config, neighbours());
      onStop(async () => {
        await Promise.all(Object.values(replicas).map((service) => service.close()));
      });

      registerSecurityHeaders(app);
      if (config.CORS_ORIGINS !== undefined) await app.register(cors, corsOptions(config.CORS_ORIGINS));
      registerAccess(app, {
        authenticate: createAuthenticate({ tokens: accessTokens, keys, users, callers, mode: config.AUTH }),
        requestsPerMinute: config.GATEWAY_RATE_LIMIT,
        onRefused: audit.refusedRead,
      });

      const throttle = createLoginThrottle(config.GATEWAY_LOGIN_LIMIT);
      const sessions = createSessions({
        users,
        accessTokens,
        refreshTokens,
        minutes: config.GATEWAY_ACCESS_TOKEN_LIFETIME / minuteMs,
      });
      login(app, sessions, throttle);
      refresh(app, sessions);
      logout(app, sessions);
      whoAmI(app);
      registerUsers(app, users, refreshTokens);
      registerKeys(app, keys);
      readAudit(app, audit);
      watchEvents(app, context.bus);
      sendCommand(app, context.messages);
      registerDeadLetters(app, context.bus.deadLetters);
      onStop(watchUnknownCommands(context.bus, logger, clock));
      registerHealth(app, replicas, internalToken);
      registerJobs(app, replicas, internalToken);
      await registerDocuments(
        app,
        createDocuments({ replicas, internalToken, publicUrl: publicPlace(config.PUBLIC_URL).url }),
      );
      await registerPage(app);
      await registerProxy(
        app,
        { replicas, uploadBytes: config.GATEWAY_MAXIMUM_UPLOAD_SIZE, internalToken },
        registerJobForwarding,
      );
      schedule.cron('the daily tidying', '17 3 * * *', async () => {
        await refreshTokens.prune();
        await audit.prune(config.GATEWAY_AUDIT_RETENTION / dayMs);
      });
      context.onStart(() => {
        if (config.AUTH === 'local') logger.warn('AUTH=local: calls from this machine need no credentials');
      });
    },
  });

/** The gateway in a process of its own. */
export const gateway = gatewayBeside(() => []);

const openReplicas = async (
  config: GatewayConfig,
  neighbours: readonly Neighbour[],
): Promise<Record<ServiceName, Replicas>> => {
  const headersTimeoutMs = config.GATEWAY_UPSTREAM_TIMEOUT;
  const opened = serviceNames.map((name) => {
    const urls = config[`${name.toUpperCase() as Uppercase<ServiceName>}_URL`].split(',').map((url) => url.trim());
    return [
      name,
      createReplicas(
        urls.filter((url) => url !== ''),
        { headersTimeoutMs, neighbours },
      ),
    ] as const;
  });
  await Promise.all(opened.map(([, replicas]) => replicas.resolve()));
  return Object.fromEntries(opened) as Record<ServiceName, Replicas>;
};
