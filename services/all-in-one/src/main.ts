import { runUntilSignal } from '@vindima/service-kit';
import { followIngestion } from './follow-ingestion.ts';
import { startPlatform } from './platform.ts';
import { describePlatform } from './welcome.ts';

await runUntilSignal(async () => {
  const platform = await startPlatform(process.env, (sentence) => process.stderr.write(`${sentence}\n`));
  process.stdout.write(describePlatform(platform));
  void followIngestion(platform, process.stdout);
  return platform;
});
