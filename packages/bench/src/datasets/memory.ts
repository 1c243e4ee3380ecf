import { readFileSync } from 'node:fs';

const residentOf = (pid: number): number => {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    // It has ended in the meantime.
    return 0;
  }
};

const childrenOf = (pid: number): number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

/** Watches the resident memory of a process and its children: the largest sum, and the largest child. Linux only. */
export const watchMemory = (pid: number) => {
  let total = 0;
  let largestChild = 0;
  const look = () => {
    const children = childrenOf(pid).map(residentOf);
    total = Math.max(
      total,
      children.reduce((sum, child) => sum + child, residentOf(pid)),
    );
    largestChild = Math.max(largestChild, ...children);
  };
  const timer = setInterval(look, 100);
  return {
    /** The peaks since the last call, in bytes. */
    take: () => {
      look();
      const peaks = { total, largestChild };
      total = 0;
      largestChild = 0;
      return peaks;
    },
    stop: () => clearInterval(timer),
  };
};
