import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { unpackDebianPackages } from './unpack-debian-packages.ts';

interface Backend {
  readonly title: string;
  readonly programs: readonly string[];
  /** The Debian packages that hold the programs. */
  readonly packages: readonly string[];
}

const BACKENDS = {
  nats: { title: 'nats-server', programs: ['nats-server'], packages: ['nats-server'] },
  mariadb: {
    title: 'MariaDB',
    programs: ['mariadbd', 'mariadb-install-db'],
    packages: ['mariadb-server-core', 'mariadb-client-core'],
  },
  chromium: { title: 'Chromium', programs: ['chromium'], packages: ['chromium', 'fonts-dejavu-core'] },
} as const satisfies Record<string, Backend>;

export type BackendName = keyof typeof BACKENDS;

export function isBackendName(name: string): name is BackendName {
  return Object.hasOwn(BACKENDS, name);
}
type ProgramName<Name extends BackendName> = (typeof BACKENDS)[Name]['programs'][number];

export interface FoundPrograms<Name extends BackendName> {
  /** The absolute path of each program. */
  readonly programs: Readonly<Record<ProgramName<Name>, string>>;
  /** Variables that they need. */
  readonly environment: Readonly<Record<string, string>>;
  /** The folder that stands for `/usr` where the packages were unpacked; undefined for installed ones. */
  readonly base: string | undefined;
}

/** The programs of a backend are neither here nor to be had. */
export class MissingProgramError extends Error {
  override readonly name = 'MissingProgramError';
}

/**
 * Finds a backend's programs: on the PATH, where Debian installs them, or in its packages, which are downloaded and
 * unpacked beside `node_modules` without installing anything.
 *
 * @throws MissingProgramError saying what was tried.
 */
export async function findPrograms<Name extends BackendName>(name: Name): Promise<FoundPrograms<Name>> {
  const { title, programs, packages }: Backend = BACKENDS[name];
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const installed = locate<Name>(programs, [...onPath, '/usr/sbin', '/usr/local/sbin', '/usr/bin']);
  if (installed !== undefined) return { programs: installed, environment: {}, base: undefined };
  let root: string;
  try {
    root = await unpackDebianPackages(name, packages);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MissingProgramError(`${title} is not installed, and Debian's packages cannot be had: ${reason}`);
  }
  const base = join(root, 'usr');
  const unpacked = locate<Name>(programs, [
    // The program itself: the script of the same name in bin expects to be installed.
    join(base, 'lib/chromium'),
    join(base, 'sbin'),
    join(base, 'bin'),
  ]);
  if (unpacked === undefined)
    throw new MissingProgramError(`Debian's packages of ${title} lack ${programs.join(' or ')}`);
  return { programs: unpacked, environment: { LD_LIBRARY_PATH: libraryPath(root) }, base };
}

function locate<Name extends BackendName>(
  names: readonly string[],
  folders: readonly string[],
): Record<ProgramName<Name>, string> | undefined {
  const found: Record<string, string> = {};
  for (const name of names) {
    const path = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (path === undefined) return undefined;
    found[name] = path;
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** With the folders of libraries that a package keeps to itself: those are named by absolute paths, which lead nowhere here. */
function libraryPath(root: string): string {
  const architecture = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const shared = [join(root, 'usr/lib', architecture), join(root, 'lib', architecture)].filter((path) =>
    existsSync(path),
  );
  const own = shared.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name))
      .filter((path) => readdirSync(path).some((file) => /^lib.+\.so/.test(file))),
  );
  return [...shared, ...own].join(delimiter);
}
