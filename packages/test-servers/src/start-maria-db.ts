import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPrograms } from './find-programs.ts';
import { greets } from './greets.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const run = promisify(execFile);

// What is written survives a killed server (it is in the operating system's cache), not a power cut: nothing is flushed.
const FAST = [
  '--no-defaults',
  '--innodb-log-file-size=16M',
  '--innodb-data-file-path=ibdata1:4M:autoextend',
  '--innodb-autoextend-increment=1',
  '--loose-innodb-undo-tablespaces=0',
  '--loose-innodb-flush-method=nosync',
  '--innodb-flush-log-at-trx-commit=2',
];
const SERVER = [
  ...FAST,
  '--skip-networking=0',
  '--bind-address=127.0.0.1',
  '--skip-name-resolve',
  '--max-connections=500',
  '--max-allowed-packet=64M',
  '--innodb-buffer-pool-size=64M',
  '--innodb-buffer-pool-load-at-startup=OFF',
  '--innodb-buffer-pool-dump-at-shutdown=OFF',
];
const ACCOUNT = `create user if not exists 'test'@'%' identified by 'test';
grant all on *.* to 'test'@'%' with grant option;
`;
// The protocol's greeting begins with its version, 10, after the 4 bytes of the packet's head; an error would be 255.
const PROTOCOL_VERSION = 10;

/** Starts a MariaDB server whose user `test` may do everything. Its data survive `kill` and `restart`. */
export async function startMariaDb(): Promise<TestServer> {
  const { programs, environment, base } = await findPrograms('mariadb');
  // mariadbd refuses to run as root unless told to.
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const location = base === undefined ? [] : [`--basedir=${base}`];
  return startTestServer({
    name: 'mariadb',
    url: (port) => `mysql://test:test@127.0.0.1:${port}`,
    prepare: async (folder, port) => {
      const data = join(folder, 'data');
      const accountFile = join(folder, 'account.sql');
      writeFileSync(accountFile, ACCOUNT);
      const install = ['--auth-root-authentication-method=normal', '--skip-test-db', `--datadir=${data}`];
      await run(programs['mariadb-install-db'], [...FAST, ...location, ...user, ...install], {
        // A temporary folder of its own: a server that starts clears away what looks like temporary tables, also another's.
        env: { ...process.env, ...environment, TMPDIR: folder },
      });
      return {
        folder,
        program: programs.mariadbd,
        environment,
        arguments: [
          ...SERVER,
          ...location,
          ...user,
          `--datadir=${data}`,
          `--tmpdir=${folder}`,
          `--socket=${join(folder, 'socket')}`,
          `--pid-file=${join(folder, 'mariadb.pid')}`,
          `--port=${port}`,
          `--init-file=${accountFile}`,
        ],
        isReady: () => greets(port, (data) => data[4] === PROTOCOL_VERSION),
      };
    },
  });
}
