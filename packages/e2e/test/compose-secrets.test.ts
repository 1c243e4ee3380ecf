import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDatabase } from '@vindima/database';
import { canStart, startMariaDb, type TestServer, temporaryFolder } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { divideSecrets } from '../../../deploy/image/secrets.ts';
import { services as behindTheGateway } from '../../../services/all-in-one/src/services.ts';

const root = join(import.meta.dirname, '../../..');
const run = promisify(execFile);
const services = ['gateway', 'wine', 'images', 'datasets', 'inference', 'pricing'];
/** What an .env of 0.1.0 has. */
const old = {
  ADMIN_PASSWORD: 'p-admin',
  DATABASE_PASSWORD: 'p-database',
  S3_SECRET_KEY: 'p-s3',
  INTERNAL_TOKEN: 'p-internal',
};
const present = {
  ...old,
  NATS_TOKEN: 'p-nats "quoted"',
  ...Object.fromEntries(services.map((name) => [`${name.toUpperCase()}_DATABASE_PASSWORD`, `it's ${name}'s \\ own/`])),
};

describe('the secrets of an .env', () => {
  it('are divided so that a service has its own alone', () => {
    const { files, warnings } = divideSecrets(present);
    expect(warnings).toEqual([]);
    for (const service of services) {
      const mine = Object.entries(files).filter(([path]) => path.startsWith(`${service}/`));
      const text = decodeURIComponent(mine.map(([, content]) => content).join('\n'));
      for (const other of services)
        expect([other, text.includes(`it's ${other}'s`)]).toEqual([other, other === service]);
      expect(text).not.toContain('p-database');
      expect([service, text.includes('p-admin')]).toEqual([service, service === 'gateway']);
      expect([service, text.includes('p-s3')]).toEqual([service, service !== 'gateway']);
    }
    expect(files['nats/nats.conf']).toBe('authorization { token: "p-nats \\"quoted\\"" }\n');
  });

  it('let every service into its database, by the name that it has', () => {
    const { files } = divideSecrets(present);
    for (const { name, databaseName } of behindTheGateway) {
      expect(files['mysql/init.sql']).toMatch(
        new RegExp(`GRANT SELECT.* ON \`${databaseName}\`.* TO 'vindima_${name}'@`),
      );
      expect(files).toHaveProperty([`${name}/DATABASE_URL`]);
    }
  });

  it('of 0.1.0 still do, each missing one with a warning', () => {
    const { files, warnings } = divideSecrets(old);
    expect(files['wine/DATABASE_URL']).toBe('mysql://vindima_wine:p-database@mysql:3306');
    expect(files['wine/NATS_URL']).toBe('nats://p-internal@nats:4222');
    expect(warnings).toHaveLength(7);
    expect(warnings[0]).toBe(
      'NATS_TOKEN is not set in .env: INTERNAL_TOKEN is used, which others know; npm run env adds it',
    );
  });

  it('take servers of your own instead, and need no password then', () => {
    const { DATABASE_PASSWORD: _, ...rest } = old;
    const mine = { ...rest, DATABASE_URL: 'mysql://me:x@db', NATS_URL: 'nats://t@bus' };
    const { files, warnings } = divideSecrets(mine);
    expect([files['wine/DATABASE_URL'], files['wine/NATS_URL']]).toEqual(['mysql://me:x@db', 'nats://t@bus']);
    expect([files['mysql/init.sql'], warnings]).toEqual(['', []]);
  });

  it('that are missing are all named', () => {
    expect(() => divideSecrets({ INTERNAL_TOKEN: 'x' })).toThrow(
      /GATEWAY_DATABASE_PASSWORD[\s\S]*S3_SECRET_KEY[\s\S]*PRICING/,
    );
  });
});

describe.skipIf(!(await canStart('mariadb')))("the users of a service's database", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startMariaDb();
  }, 60_000);
  afterAll(() => server.stop());

  it('are made with each start, make their own database and see no other', async () => {
    const { files } = divideSecrets(present);
    const statements = (files['mysql/init.sql'] ?? '').trim().split(';\n');
    const root = await openDatabase({ url: server.url, service: 'root', migrations: {} });
    const administer = async () => {
      for (const statement of statements) await root.query.executeQuery({ sql: statement.replace(/;$/, '') } as never);
    };
    await administer();
    await administer();
    const urlOf = (service: string) => {
      const url = new URL(files[`${service}/DATABASE_URL`] ?? '');
      url.hostname = '127.0.0.1';
      url.port = String(server.port);
      return url.href;
    };
    const own = await openDatabase({ url: urlOf('wine'), service: 'wine', migrations: {} });
    await own.check();
    await own.close();
    await expect(openDatabase({ url: urlOf('wine'), service: 'pricing', migrations: {} })).rejects.toThrow();
    await root.close();
  });
});

describe('npm run env', () => {
  const makeEnv = async (content?: string) => {
    const folder = temporaryFolder();
    await mkdir(join(folder, 'scripts'));
    await cp(join(root, 'scripts/make-env.cjs'), join(folder, 'scripts/make-env.cjs'));
    await cp(join(root, '.env.example'), join(folder, '.env.example'));
    const path = join(folder, '.env');
    if (content !== undefined) await writeFile(path, content);
    const { stdout } = await run('node', [join(folder, 'scripts/make-env.cjs')]);
    return { stdout, path, text: await readFile(path, 'utf8') };
  };

  it('writes one that you alone may read, with all that is needed', async () => {
    const { path, text } = await makeEnv();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(text).not.toMatch(/^[A-Z_0-9]+=$/m);
    const variables = Object.fromEntries([...text.matchAll(/^(\w+)=(.+)$/gm)].map(([, name, value]) => [name, value]));
    expect(divideSecrets(variables).warnings).toEqual([]);
  });

  it('adds to one of 0.1.0 what is missing, and changes nothing of it', async () => {
    const before = `# mine\n${Object.entries(old)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('')}NATS_TOKEN=\nUPSTREAMS=sandbox`;
    const { stdout, text } = await makeEnv(before);
    expect(text.startsWith(`${before}\n`)).toBe(true);
    for (const name of ['NATS_TOKEN', 'WINE_DATABASE_PASSWORD'])
      expect(text).toMatch(new RegExp(`^${name}=.{32}$`, 'm'));
    expect(text.match(/^INTERNAL_TOKEN=/gm)).toHaveLength(1);
    expect(stdout).toContain('Added to .env: NATS_TOKEN, GATEWAY_DATABASE_PASSWORD');
  });

  it('leaves one that has everything as it is', async () => {
    const { text } = await makeEnv();
    const again = await makeEnv(text);
    expect(again.text).toBe(text);
    expect(again.stdout).toContain('nothing was changed');
  });
});
