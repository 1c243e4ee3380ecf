import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/vindima');
const DOWNLOAD_MS = 240_000;

/**
 * Downloads Debian packages, and what they depend on that this machine lacks, and unpacks them into a cache folder. The
 * system stays as it is: nothing is installed, no service is started.
 *
 * @returns the folder that stands for `/`.
 */
export async function unpackDebianPackages(name: string, packages: readonly string[]): Promise<string> {
  const root = join(CACHE, `${name}-${process.arch}`);
  if (existsSync(root)) return root;
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'download-'));
  try {
    await download(work, packages);
    const unpacked = join(work, 'root');
    mkdirSync(unpacked);
    for (const file of readdirSync(work).filter((entry) => entry.endsWith('.deb'))) {
      await run('dpkg-deb', ['--extract', join(work, file), unpacked]);
    }
    // One rename: another run sees all of it or nothing.
    if (!existsSync(root)) renameSync(unpacked, root);
    return root;
  } catch (error) {
    if (existsSync(root)) return root;
    throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function download(folder: string, packages: readonly string[]): Promise<void> {
  try {
    await downloadOnce(folder, packages);
  } catch (error) {
    // A fresh machine has no lists of packages yet; only root may fetch them.
    if (process.getuid?.() !== 0) throw error;
    await run('apt-get', ['update'], { timeout: DOWNLOAD_MS });
    await downloadOnce(folder, packages);
  }
}

async function downloadOnce(folder: string, packages: readonly string[]): Promise<void> {
  // The cache of apt is left out: what is in there would be missing from the plan.
  const options = ['--print-uris', '--no-install-recommends', '-qq', '-y', '-o', `Dir::Cache::archives=${folder}`];
  const plan = await run('apt-get', ['install', ...options, ...packages], { timeout: DOWNLOAD_MS });
  // Each line: 'http://host/pool/n/name/name_version_arch.deb' name_version_arch.deb size hash
  const missing = [...plan.stdout.matchAll(/^'\S+' ([^_\s]+)_/gm)].map((match) => String(match[1]));
  await run('apt-get', ['download', '-qq', ...new Set([...packages, ...missing])], {
    cwd: folder,
    timeout: DOWNLOAD_MS,
  });
}
