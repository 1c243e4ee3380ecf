// A thread of an engine process that keeps watch while the main thread parses and DuckDB computes: it ends the process
// when it takes more memory than it may, or when the service that started it is gone. Neither can wait for the main
// thread, which a hostile file may keep busy.
import { workerData } from 'node:worker_threads';

const { maximumMemory, parent } = workerData as { maximumMemory: number; parent: number };

setInterval(() => {
  // SIGKILL is what the service takes for a breach of memory, ours or the kernel's.
  if (process.memoryUsage.rss() > maximumMemory) process.kill(process.pid, 'SIGKILL');
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 100);
