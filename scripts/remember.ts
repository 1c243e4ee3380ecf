// Makes the memory of a release: `node scripts/remember.ts COMMIT RELEASE`, once, when it is out.
//
// It checks the commit out into a scratch folder, starts its platform (with the sandbox's data), uses everything in it, and keeps in
// packages/e2e/fixtures/RELEASE: the data folder (sqlite.tar.gz), the databases of the same on MariaDB with their objects
// (mariadb.tar.gz), what was asked and answered (sqlite.json, mariadb.json) and the names that are promised to stay (surface.json).
// Tests start today's code on copies of both.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codesIn } from '../packages/e2e/src/memory/codes.ts';
import { doorOfUser } from '../packages/e2e/src/memory/door.ts';
import { type Belongings, live } from '../packages/e2e/src/memory/live.ts';
import { recollect } from '../packages/e2e/src/memory/recollect.ts';
import { fixtures, type Surface } from '../packages/e2e/src/memory/recollection.ts';
import { metricsOf, operationsOf, readSqlite } from '../packages/e2e/src/memory/surface.ts';
import { dumpDatabases, startMariaDb } from '../packages/test-servers/src/servers.ts';

const repository = join(import.meta.dirname, '..');
const [commit = '', release = ''] = process.argv.slice(2);
if (commit === '' || release === '') throw new Error('usage: node scripts/remember.ts COMMIT RELEASE');
const names = ['GATEWAY', 'WINE', 'IMAGES', 'DATASETS', 'INFERENCE', 'PRICING', 'SANDBOX'];
const adminPassword = 'the admin of that release';
const internalToken = 'the token between gateway and services';

const checkOut = (folder: string): void => {
  const archive = execFileSync('git', ['archive', commit], { cwd: repository, maxBuffer: 2 ** 30 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  const lock = (where: string) => readFileSync(join(where, 'package-lock.json'), 'utf8');
  if (lock(folder) !== lock(repository)) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
    return;
  }
  // The same packages as ours, but its own workspaces: their links are relative.
  for (const room of ['.', 'services/wine']) {
    const modules = join(repository, room, 'node_modules');
    if (!existsSync(modules)) continue;
    mkdirSync(join(folder, room, 'node_modules', '@vindima'), { recursive: true });
    for (const entry of readdirSync(modules)) {
      if (entry !== '@vindima') symlinkSync(join(modules, entry), join(folder, room, 'node_modules', entry));
    }
  }
  execFileSync('cp', ['-a', `${join(repository, 'node_modules/@vindima')}/.`, join(folder, 'node_modules/@vindima')]);
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
};

const startPlatform = async (code: string, data: string, environment: Record<string, string>) => {
  const ports = await Promise.all(names.map(async (name) => [`${name}_PORT`, String(await freePort())] as const));
  const child: ChildProcess = spawn(process.execPath, ['services/all-in-one/src/main.ts'], {
    cwd: code,
    env: {
      PATH: process.env.PATH,
      ...Object.fromEntries(ports),
      DATA_DIR: data,
      AUTH: 'required',
      ADMIN_PASSWORD: adminPassword,
      INTERNAL_TOKEN: internalToken,
      LOG_LEVEL: 'warn',
      TAGGER: 'imagga',
      RATE_LIMIT: '100000',
      // A fortnight of rates is memory enough.
      PRICING_HISTORY_FROM: new Date(Date.now() - 14 * 86_400_000).toISOString().slice(0, 10),
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const urls = Object.fromEntries(
    ports.map(([name, port]) => [name.replace('_PORT', '').toLowerCase(), `http://127.0.0.1:${port}`]),
  );
  for (const deadline = Date.now() + 60_000; ; ) {
    if ((await fetch(`${urls.gateway}/health/ready`).catch(() => undefined))?.ok === true) break;
    if (child.exitCode !== null || Date.now() > deadline) throw new Error('the platform did not start');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const stop = async () => {
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    await exited;
  };
  return { url: urls.gateway ?? '', urls, stop };
};

const belongingsOf = async (code: string): Promise<Belongings> => {
  const { drawFile } = await import(join(code, 'services/images/test/support/pictures.ts'));
  const pickles = join(code, 'services/inference/test/sklearn/fixtures');
  const pickle = readdirSync(pickles).find((name) => name.startsWith('ExtraTreeClassifier')) ?? '';
  const pictures = [];
  for (const [format, width] of [
    ['jpeg', 320],
    ['png', 200],
    ['webp', 240],
    ['jpeg', 128],
  ] as const) {
    pictures.push({ name: `street-${width}.${format}`, bytes: (await drawFile(format, width, width)) as Buffer });
  }
  return {
    pictures,
    onnx: readFileSync(join(code, 'services/inference/models/iris.onnx')),
    pickle: { name: pickle, bytes: readFileSync(join(pickles, pickle)) },
  };
};

const pack = (from: string, to: string): void => {
  const plain = ['--format=ustar', '--sort=name', '--owner=0', '--group=0', '--numeric-owner'];
  execFileSync('tar', [...plain, '--exclude=./logs/vindima.log', '--exclude=./.lock', '-czf', to, '-C', from, '.']);
};

const write = (name: string, content: unknown) =>
  writeFileSync(join(fixtures, release, name), `${JSON.stringify(content)}\n`);

const remember = async (code: string, data: string, environment: Record<string, string>, name: string) => {
  const platform = await startPlatform(code, data, environment);
  try {
    const known = await live(platform.url, adminPassword, await belongingsOf(code));
    write(`${name}.json`, await recollect(platform.url, known));
    const admin = await doorOfUser(platform.url, 'admin', adminPassword);
    const metrics: Record<string, string[]> = {};
    for (const [service, url] of Object.entries(platform.urls)) {
      metrics[service] = await metricsOf(url, internalToken, admin);
    }
    return { metrics, operations: await operationsOf(admin) };
  } finally {
    await platform.stop();
  }
};

const scratch = mkdtempSync(join(tmpdir(), 'vindima-memory-'));
try {
  const [code, onSqlite, onMariaDb] = ['code', 'sqlite', 'mariadb'].map((name) => join(scratch, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [code, onSqlite, onMariaDb, join(fixtures, release)]) mkdirSync(folder, { recursive: true });
  checkOut(code);
  console.log('on SQLite');
  const { metrics, operations } = await remember(code, onSqlite, {}, 'sqlite');
  pack(onSqlite, join(fixtures, release, 'sqlite.tar.gz'));

  console.log('on MariaDB');
  const mariadb = await startMariaDb();
  try {
    await remember(code, onMariaDb, { DATABASE_URL: mariadb.url }, 'mariadb');
    writeFileSync(join(onMariaDb, 'databases.sql'), await dumpDatabases(mariadb.url));
  } finally {
    await mariadb.stop();
  }
  pack(onMariaDb, join(fixtures, release, 'mariadb.tar.gz'));

  const { messagesOf } = await import(join(code, 'packages/contracts/src/index.ts'));
  const databases = readdirSync(onSqlite).filter((file) => file.endsWith('.db'));
  const read = await Promise.all(
    databases.map(async (file) => [file, await readSqlite(join(onSqlite, file))] as const),
  );
  const surface: Surface = {
    migrations: Object.fromEntries(read.map(([file, { migrations }]) => [file, migrations])),
    columns: Object.fromEntries(read.map(([file, { columns }]) => [file, columns])),
    messages: names
      .flatMap((name) => messagesOf(name.toLowerCase()) as { subject: string; type: string }[])
      .map(({ subject, type }) => `${subject} ${type}`)
      .sort(),
    metrics,
    operations,
    codes: codesIn(code),
  };
  write('surface.json', surface);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
