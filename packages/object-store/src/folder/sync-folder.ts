import { open } from 'node:fs/promises';

/** Makes what was created, renamed or removed in a folder survive a crash. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; there a rename is as durable as the system makes it.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
