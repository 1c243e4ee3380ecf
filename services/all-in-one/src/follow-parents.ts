import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const everyMs = 2000;
const run = promisify(execFile);

/**
 * Calls back once npm, or the shell between it and this process, is gone: neither tells its children when it is ended, and the platform would go on
 * with nobody to stop it. Only for what npm has started; what is above npm (a terminal, `nohup`, systemd) may go as it likes.
 */
export const whenOrphaned = async (gone: () => void): Promise<void> => {
  const parent = process.ppid;
  const above = (await isShell(parent)) ? await parentOf(parent) : undefined;
  const timer = setInterval(async () => {
    if (process.ppid === parent && (above === undefined || (await parentOf(parent)) === above)) return;
    clearInterval(timer);
    gone();
  }, everyMs);
  timer.unref();
};

/** `npm start` runs its script in a shell, which replaces itself with the program if it is one that does so. */
const isShell = async (pid: number): Promise<boolean> =>
  /^-?(.*\/)?(sh|dash|bash|zsh|ash|ksh|busybox)$/.test(await ask(pid, 'comm'));

const parentOf = async (pid: number): Promise<number> => {
  if (process.platform !== 'linux') return Number(await ask(pid, 'ppid'));
  // The name, in parentheses, may hold anything.
  const [, rest = ''] = /^.*\) (.*)/s.exec(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')) ?? [];
  return Number(rest.split(' ')[1]);
};

/** What `ps` says of a process; nothing of one that is gone. */
const ask = async (pid: number, what: 'comm' | 'ppid'): Promise<string> => {
  if (process.platform === 'linux' && what === 'comm') {
    return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
  }
  const { stdout } = await run('ps', ['-o', `${what}=`, '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim();
};
