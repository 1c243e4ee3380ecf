import { readFileSync } from 'node:fs';
import type { Running } from './processes.ts';

/** Clock ticks a second of `/proc`, on every Linux that Node runs on. */
const ticks = 100;

/** Seconds that a process has had of the cores, the system's work for it included (proc(5), `utime` and `stime`). */
export const cpuSeconds = (child: Running['process']): number => {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'latin1');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) / ticks;
};

/** The resident memory of a process, in MiB, looked at twenty times a second. */
export const watchMemory = ({ process: child }: Running) => {
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
  let before = resident();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, resident());
  }, 50);
  return {
    take: () => {
      const seen = { before, most };
      before = resident();
      most = before;
      return seen;
    },
    stop: () => clearInterval(timer),
  };
};
