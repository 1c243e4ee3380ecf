import { statfs } from 'node:fs/promises';

/** How full the disks are that a service writes to. */
export interface DiskWatch {
  /** Looks now. @throws Error that says which folder has too little room */
  check(): Promise<void>;
  /** Whether there was too little room when it was looked last. */
  isLow(): boolean;
  stop(): void;
}

const everyMs = 2_000;

/**
 * Looks at the free space of folders now and then, so that uploads can be refused before a disk is full.
 *
 * @param minimum bytes that are to stay free; 0: any will do
 */
export const watchDisks = (folders: readonly string[], minimum: number): DiskWatch => {
  let problem: string | undefined;
  const look = async () => {
    const problems = await Promise.all(folders.map((folder) => problemOf(folder, minimum)));
    problem = problems.find((found) => found !== undefined);
  };
  // A folder that cannot be asked is somebody else's to report: those who write to it.
  const timer = setInterval(() => void look().catch(() => {}), everyMs).unref();
  return {
    check: async () => {
      await look();
      if (problem !== undefined) throw new Error(problem);
    },
    isLow: () => problem !== undefined,
    stop: () => clearInterval(timer),
  };
};

const problemOf = async (folder: string, minimum: number): Promise<string | undefined> => {
  const free = await freeSpace(folder);
  if (free === undefined || free >= minimum) return undefined;
  return `${show(free)} are free in ${folder}; files are taken again from ${show(minimum)} on (MINIMUM_FREE_SPACE)`;
};

/** @returns bytes that we may use; undefined where there is no such folder */
const freeSpace = async (folder: string): Promise<number | undefined> => {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

const show = (bytes: number) => `${Math.floor(bytes / 2 ** 20)} MiB`;
