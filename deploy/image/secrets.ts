// Who knows what in Docker Compose: from the whole .env, the files of each container. None has what is another's.

/** The services with a database, and its name. */
const databases = {
  gateway: 'gateway',
  wine: 'wine',
  images: 'Pictures',
  datasets: 'datasets',
  inference: 'inference',
  pricing: 'pricing',
} as const;
type ServiceName = keyof typeof databases;

/** Variables that one service alone needs, when they are set. */
const own: Partial<Record<ServiceName, readonly string[]>> = {
  gateway: ['ADMIN_PASSWORD', 'AUTH_SECRET'],
  images: ['IMAGGA_API_KEY', 'IMAGGA_API_SECRET', 'IMAGEKIT_PRIVATE_KEY'],
  pricing: ['STORE_PASSWORD'],
};

/** What a service does in its own database: it makes it, migrates it, reads and writes. */
const privileges = 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES';

export interface SecretFiles {
  /** Contents by path: `wine/DATABASE_URL` */
  readonly files: Readonly<Record<string, string>>;
  /** A sentence for each secret that is missing and has another one in its place. */
  readonly warnings: readonly string[];
}

/**
 * Divides the secrets of an .env among the containers. What an .env of 0.1.0 does not have yet falls back to what was
 * shared then: one password of MySQL for all services, one token for the services and NATS.
 *
 * @throws Error with a line for each variable that is missing
 */
export const divideSecrets = (environment: Readonly<Record<string, string | undefined>>): SecretFiles => {
  const warnings: string[] = [];
  const missing: string[] = [];
  const find = (name: string, old?: string): string => {
    const value = environment[name];
    if (value) return value;
    const shared = old === undefined ? undefined : environment[old];
    if (shared) warnings.push(`${name} is not set in .env: ${old} is used, which others know; npm run env adds it`);
    else missing.push(`${name} is not set in .env; npm run env adds it`);
    // Of two tokens, while one takes the other's place, the first is the one that is sent.
    return shared?.split(',')[0]?.trim() ?? '';
  };

  const files: Record<string, string> = {};
  const statements: string[] = [];
  const natsToken = environment.NATS_URL ? undefined : find('NATS_TOKEN', 'INTERNAL_TOKEN');
  for (const [service, database] of Object.entries(databases) as [ServiceName, string][]) {
    const put = (name: string, content: string) => {
      files[`${service}/${name}`] = content;
    };
    if (environment.DATABASE_URL) put('DATABASE_URL', environment.DATABASE_URL);
    else {
      const user = `vindima_${service}`;
      const password = find(`${service.toUpperCase()}_DATABASE_PASSWORD`, 'DATABASE_PASSWORD');
      put('DATABASE_URL', `mysql://${user}:${encodeURIComponent(password)}@mysql:3306`);
      statements.push(...userStatements(user, password, { [database]: privileges }));
    }
    put('NATS_URL', environment.NATS_URL || `nats://${encodeURIComponent(natsToken ?? '')}@nats:4222`);
    put('INTERNAL_TOKEN', find('INTERNAL_TOKEN'));
    // The gateway keeps no objects.
    if (service !== 'gateway') put('aws', awsProfile(environment.S3_ACCESS_KEY || 'vindima', find('S3_SECRET_KEY')));
    for (const name of own[service] ?? []) if (environment[name]) put(name, environment[name]);
  }
  // The operator's own, as in 0.1.0; no service knows it any more.
  const operator = environment.DATABASE_PASSWORD;
  if (operator && !environment.DATABASE_URL) {
    const all = Object.fromEntries(Object.values(databases).map((database) => [database, 'ALL']));
    statements.push(...userStatements('vindima', operator, all));
  }
  if (missing.length > 0) throw new Error([...new Set(missing)].join('\n'));
  files['mysql/init.sql'] = statements.map((statement) => `${statement};\n`).join('');
  files['nats/nats.conf'] = `authorization { token: ${JSON.stringify(natsToken ?? '')} }\n`;
  return { files, warnings };
};

/** Also changes the password of a user that is there already. */
const userStatements = (user: string, password: string, grants: Readonly<Record<string, string>>) => {
  const account = `'${user}'@'%' IDENTIFIED BY '${password.replace(/['\\]/g, '\\$&')}'`;
  return [
    `CREATE USER IF NOT EXISTS ${account}`,
    `ALTER USER ${account}`,
    ...Object.entries(grants).map(([database, rights]) => `GRANT ${rights} ON \`${database}\`.* TO '${user}'@'%'`),
  ];
};

const awsProfile = (id: string, secret: string) =>
  `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;
