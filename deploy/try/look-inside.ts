// What cannot be seen through the gateway: who knows what, and what a health check costs.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Place, run } from './steps.ts';

const compose = (place: Place, ...args: string[]) => run(place, 'docker', 'compose', ...args);

/** The variables of the .env that holds the secrets. */
export const readEnv = async (place: Place): Promise<Map<string, string>> => {
  const text = await readFile(join(place.folder, '.env'), 'utf8');
  return new Map([...text.matchAll(/^([A-Z_0-9]+)=(.+)$/gm)].map(([, name = '', value = '']) => [name, value]));
};

interface Inspected {
  readonly Path: string;
  readonly Args: readonly string[];
  readonly Config: { readonly Env: readonly string[]; readonly Labels: Record<string, string> };
}

/** The names of those containers that run, by service. */
const running = async (place: Place): Promise<Map<string, string>> => {
  const lines = (await compose(place, 'ps', '--format', '{{.Service}} {{.Name}}')).trim().split('\n');
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
};

/** No secret stands in arguments or variables, but S3's in its own; and a service's MySQL user sees its own database. */
export const knowsOnlyItsOwn = async (place: Place): Promise<string> => {
  const secrets = [...(await readEnv(place))].filter(([name]) => /PASSWORD|TOKEN|SECRET/.test(name));
  const containers = await running(place);
  const inspected: Inspected[] = JSON.parse(await run(place, 'docker', 'inspect', ...containers.values()));
  const seen = inspected.flatMap(({ Path, Args, Config }) => {
    const service = Config.Labels['com.docker.compose.service'];
    const text = [Path, ...Args, ...Config.Env].join('\n');
    return secrets
      .filter(([name, value]) => text.includes(value) && !(service === 's3' && name === 'S3_SECRET_KEY'))
      .map(([name]) => `${service} shows ${name}`);
  });
  if (seen.length > 0) throw new Error(seen.join('\n'));

  const files: string[] = [];
  for (const service of ['gateway', 'wine', 'images', 'datasets', 'inference', 'pricing']) {
    const found = await compose(place, 'exec', '-T', service, 'sh', '-c', 'cat /run/secrets/*');
    const theirs = secrets.filter(([name, value]) => !mayKnow(service, name) && found.includes(value));
    if (theirs.length > 0) throw new Error(`${service} knows ${theirs.map(([name]) => name)}`);
    files.push(service);
  }
  if (!containers.has('mysql')) return `${inspected.length} containers show none; ${files.length} have their own files`;
  const databases = await queryAs(place, 'wine', 'show databases');
  const others = databases.filter((name) => !/^(wine|information_schema|performance_schema)$/.test(name));
  if (others.length > 0) throw new Error(`MySQL's user of wine sees ${others}`);
  return `${inspected.length} containers show none of ${secrets.length} secrets; ${files.length} services have their own files; MySQL's user of wine sees ${databases}`;
};

const mayKnow = (service: string, name: string) =>
  name === `${service.toUpperCase()}_DATABASE_PASSWORD` ||
  ['INTERNAL_TOKEN', 'NATS_TOKEN'].includes(name) ||
  (service === 'gateway' ? ['ADMIN_PASSWORD', 'AUTH_SECRET'].includes(name) : name === 'S3_SECRET_KEY');

/** Asks MySQL as a service's user, with the password that stands in the .env. */
const queryAs = async (place: Place, service: string, sql: string): Promise<string[]> => {
  const environment = await readEnv(place);
  const MYSQL_PWD = environment.get(`${service.toUpperCase()}_DATABASE_PASSWORD`);
  const at = { ...place, environment: { ...place.environment, MYSQL_PWD } };
  const user = `--user=vindima_${service}`;
  const client = ['mysql', '--host=127.0.0.1', '--protocol=tcp', '--skip-column-names', user, '--execute', sql];
  return (await compose(at, 'exec', '-T', '-e', 'MYSQL_PWD', 'mysql', ...client)).trim().split('\n');
};

/** Processor time of one check inside its container, and what Docker adds to start it. */
export const healthCheckCost = async (place: Place): Promise<string> => {
  const checks = 50;
  const loop = `for i in $(seq ${checks}); do /app/container/healthcheck || exit 1; done; times`;
  const said = await compose(place, 'exec', '-T', 'gateway', 'bash', '-c', loop);
  // The last line is of the children: user and system time.
  const times = [...(said.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  const seconds = times.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
  const milliseconds = (1000 * seconds) / checks;
  if (milliseconds > 50) throw new Error(`a check takes ${milliseconds.toFixed(1)} ms of CPU`);
  return `${milliseconds.toFixed(1)} ms of CPU a check`;
};

/** @throws when a container was called unhealthy since then, as its check came too late or failed */
export const noneWasUnhealthy = async (place: Place, since: number): Promise<void> => {
  const bounds = ['--since', (since / 1000).toFixed(0), '--until', (Date.now() / 1000).toFixed(0)];
  const project = `label=com.docker.compose.project=${place.environment.COMPOSE_PROJECT_NAME}`;
  const filters = ['--filter', project, '--filter', 'event=health_status'];
  const events = await run(
    place,
    'docker',
    'events',
    ...bounds,
    ...filters,
    '--format',
    '{{.Action}} {{.Actor.Attributes.name}}',
  );
  const ill = events.split('\n').filter((line) => line.includes('unhealthy'));
  if (ill.length > 0) throw new Error(ill.join('\n'));
};

/** Gives the platform another token of NATS and another password of a database, and looks whether it takes them. */
export const changeSecrets = async (place: Place): Promise<string> => {
  const path = join(place.folder, '.env');
  const changed = (await readFile(path, 'utf8')).replace(
    /^(NATS_TOKEN|WINE_DATABASE_PASSWORD)=.*$/gm,
    "$1=an'other-$1",
  );
  await writeFile(path, changed);
  const start = performance.now();
  await compose(place, 'up', '--detach', '--wait', '--wait-timeout', '600');
  await queryAs(place, 'wine', 'select 1');
  const secrets = await compose(place, 'exec', '-T', 'wine', 'sh', '-c', 'cat /run/secrets/*');
  if (!secrets.includes('other-NATS_TOKEN')) throw new Error('the service has the old token');
  return `all healthy with them after ${((performance.now() - start) / 1000).toFixed(0)} s`;
};
