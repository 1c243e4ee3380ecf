import { spawn } from 'node:child_process';
import { once } from 'node:events';

// `cat` ends when its standard input does: when this process closes it, exits or is killed. Then whatever server still
// runs in the folder (each leaves its process id there) is killed, and the folder removed.
const SCRIPT = `cat > /dev/null
for file in "$1"/server.pid "$1"/*/server.pid; do
  if [ -f "$file" ]; then kill -9 "$(cat "$file")" 2> /dev/null; fi
done
for attempt in 1 2 3 4 5; do rm -rf "$1" && exit 0; sleep 0.2; done`;

/** Cleans up; resolves when nothing is left. */
export type Release = () => Promise<void>;

/**
 * Watches over a temporary folder: the folder and the servers in it are gone when `release` is called, and also when
 * this process ends in any other way, SIGKILL included.
 */
export function guardFolder(folder: string): Release {
  // A session of its own, so that Ctrl-C in the terminal does not end the guard before its work.
  const guard = spawn('sh', ['-c', SCRIPT, 'guard', folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const exited = once(guard, 'exit');
  guard.unref();
  return async () => {
    guard.ref();
    guard.stdin.end();
    await exited;
  };
}
