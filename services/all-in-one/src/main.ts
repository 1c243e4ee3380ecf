import { runUntilSignal } from '@vindima/service-kit';
import { readArguments } from './arguments.ts';
import { followIngestion } from './follow-ingestion.ts';
import { whenOrphaned } from './follow-parents.ts';
import { startPlatform } from './platform.ts';
import { describePlatform } from './welcome.ts';

readArguments(process.argv.slice(2));
// Windows does not tell whose child a process has become.
if (process.env.npm_lifecycle_event === 'start' && process.platform !== 'win32') {
  void whenOrphaned(() => process.kill(process.pid, 'SIGTERM'));
}
await runUntilSignal(async () => {
  const platform = await startPlatform(process.env, (sentence) => process.stderr.write(`${sentence}\n`));
  process.stdout.write(describePlatform(platform));
  void followIngestion(platform, process.stdout);
  return platform;
});
