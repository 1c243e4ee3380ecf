// A thread of a process that ends it when the service that started it is gone: the main thread may be busy for ever with a hostile model,
// and would not notice.
import { workerData } from 'node:worker_threads';

const { parent } = workerData as { parent: number };

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 1000);
