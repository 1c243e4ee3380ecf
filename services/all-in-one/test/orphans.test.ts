import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@vindima/test-servers';
import { afterEach, describe, expect, it } from 'vitest';
import { anyPorts } from './support/platform-process.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

const processes = (): Process[] =>
  execFileSync('ps', ['-e', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, state = '', name = ''] = /^ *(\d+) +(\d+) +(\S+) +(.*)$/.exec(line) ?? [];
      return pid === undefined || state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), name }];
    });

const familyOf = (pid: number): Process[] => {
  const all = processes();
  const family = all.filter((process) => process.pid === pid);
  for (const { pid: parent } of family) family.push(...all.filter((process) => process.parent === parent));
  return family;
};

let family: Process[] = [];
afterEach(() => {
  const alive = new Set(processes().map(({ pid }) => pid));
  for (const { pid } of family.splice(0)) if (alive.has(pid)) process.kill(pid, 'SIGKILL');
});

/** `npm start` as a user types it, without the installation before it; with an engine of datasets at work. */
const npmStart = async () => {
  const environment = { ...anyPorts, DATA_DIR: temporaryFolder(), HOME: temporaryFolder(), LOG_LEVEL: 'error' };
  const npm: ChildProcess = spawn('npm', ['start', '--ignore-scripts'], {
    cwd: root,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  npm.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  for (const deadline = Date.now() + 120_000; !output.includes('Ctrl-C'); await pause(100)) {
    if (Date.now() > deadline || npm.exitCode !== null) throw new Error(`it did not start:\n${output}`);
  }
  const form = new FormData();
  form.append('file', new Blob(['a,b\n1,2\n']), 'table.csv');
  const datasets = /datasets +(http:\S+)/.exec(output)?.[1];
  expect((await fetch(`${datasets}/api/upload`, { method: 'POST', body: form })).status).toBeLessThan(300);
  family = familyOf(npm.pid ?? 0);
  expect(family.some(({ name }) => name.includes('engine/worker.ts'))).toBe(true);
  return family;
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const isNpm = ({ name }: Process) => /^(npm|.*npm-cli)/.test(name);
const isShell = ({ name }: Process) => /^(\S*\/)?sh -c/.test(name) && name.includes('main.ts');
const isPlatform = ({ name }: Process) => !isNpm({ name } as Process) && /^\S*node\S* services\/all-in-one/.test(name);

describe('nothing of npm start outlives it', { timeout: 200_000 }, () => {
  it.each<[string, (process: Process) => boolean, NodeJS.Signals]>([
    ['npm is ended', isNpm, 'SIGTERM'],
    ['npm is killed', isNpm, 'SIGKILL'],
    ['its shell is ended', isShell, 'SIGTERM'],
    ['its shell is killed', isShell, 'SIGKILL'],
    ['the platform is killed', isPlatform, 'SIGKILL'],
  ])('when %s', async (_, which, signal) => {
    const all = await npmStart();
    const victim = all.find(which);
    // A shell that becomes the program it starts is none of the family.
    if (victim === undefined && which === isShell) return;
    expect(victim).toBeDefined();
    process.kill(victim?.pid ?? 0, signal);
    let alive = all;
    for (const deadline = Date.now() + 15_000; alive.length > 0 && Date.now() < deadline; await pause(200)) {
      const now = new Set(processes().map(({ pid }) => pid));
      alive = all.filter(({ pid }) => now.has(pid));
    }
    expect(alive).toEqual([]);
  });
});
