// Does on a real engine what the README says of Docker, from a fresh clone of what is committed, and prints a table:
//
//   npm run try:compose                  -- --keep leaves the platform running at the end
//
// It is a project of its own (`vindima-try`), on port 18280 or GATEWAY_PORT. What it needs and cannot have is left out and named.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { availableProfiles } from './available-profiles.ts';
import { changeSecrets, healthCheckCost, knowsOnlyItsOwn, noneWasUnhealthy, readEnv } from './look-inside.ts';
import { pullFromRegistry } from './registry.ts';
import { createTable, LeftOut, type Place, run, say } from './steps.ts';
import { upgradeFrom } from './upgrade.ts';

const root = join(import.meta.dirname, '../..');
const folder = await mkdtemp(join(tmpdir(), 'vindima-try-'));
const environment = {
  ...process.env,
  COMPOSE_PROJECT_NAME: 'vindima-try',
  GATEWAY_PORT: process.env.GATEWAY_PORT || '18280',
  UPSTREAMS: 'sandbox',
  VINDIMA_VERSION: 'try',
};
const here: Place = { folder: root, environment, log: join(folder, 'log') };
const place: Place = { ...here, folder: join(folder, 'vindima') };
const { step, failures, print } = createTable();
const compose = (...args: string[]) => run(place, 'docker', 'compose', ...args);
const script = (name: string, ...args: string[]) =>
  run(place, process.execPath, '--env-file=.env', `deploy/try/${name}`, ...args);
const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';
const upAndHealthy = async (...args: string[]) => {
  const start = performance.now();
  try {
    await compose('up', '--detach', '--wait', '--wait-timeout', '600', ...args);
  } catch (error) {
    // To the log.
    await compose('logs', '--tail', '100');
    throw error;
  }
  return `all healthy after ${((performance.now() - start) / 1000).toFixed(0)} s`;
};

/** All that is tried with a platform that runs. */
const tryRunning = async () => {
  await step('every container knows its own secrets alone', () => knowsOnlyItsOwn(place));
  await step('tests through the gateway', async () => {
    const password = (await readEnv(place)).get('ADMIN_PASSWORD');
    const E2E = { E2E_URL: `http://127.0.0.1:${environment.GATEWAY_PORT}`, E2E_PASSWORD: password };
    const at = { ...here, environment: { ...environment, ...E2E } };
    return lastLine(await run(at, 'npx', 'vitest', 'run', '--project', '@vindima/e2e', 'platform'));
  });
  await step('a health check costs next to nothing', () => healthCheckCost(place));
  await step('each container is killed by docker kill', async () => lastLine(await script('kill-each.ts')));
  await step('each container crashes', async () => {
    if (process.getuid?.() !== 0) throw new LeftOut('killing its process from outside needs root');
    return lastLine(await script('kill-each.ts', 'crash'));
  });
  await step('changed secrets', () => changeSecrets(place));
  await step('replicas share the work', async () => {
    await upAndHealthy('--scale', 'datasets=3', '--scale', 'inference=2');
    const start = Date.now();
    const said = lastLine(await script('replicas.ts'));
    await noneWasUnhealthy(place, start);
    return `${said}, and no health check was late`;
  });
  await step('docker compose stop', async () => {
    await compose('stop');
    return 'all stopped';
  });
};

say(`what the commands say: ${here.log}`);
const ready =
  (await step('an engine', async () => {
    const engine = await run(here, 'docker', 'version', '--format', '{{.Server.Version}}');
    return `Docker ${engine.trim()}, Compose ${(await run(here, 'docker', 'compose', 'version', '--short')).trim()}`;
  })) &&
  (await step('a fresh clone, npm run env', async () => {
    await run(here, 'git', 'clone', '--quiet', '--no-hardlinks', root, place.folder);
    await run(place, process.execPath, 'scripts/make-env.cjs');
    return lastLine(await run(place, 'git', 'log', '-1', '--format=%h %s'));
  })) &&
  (await step('profiles whose images are to be had', async () => {
    const { profiles, leftOut } = await availableProfiles(place);
    Object.assign(environment, { COMPOSE_PROFILES: profiles.join(',') });
    return `${profiles.join(', ') || 'none'}; left out: ${leftOut.join(', ') || 'none'}`;
  })) &&
  (await step('docker compose up --build --wait', () => upAndHealthy('--build'))) &&
  (await step('sizes of the images', async () => {
    const sizes = await run(
      place,
      'docker',
      'images',
      '--format',
      '{{.Repository}} {{.Size}}',
      '--filter',
      'reference=vindima/*:try',
    );
    return sizes.trim().replaceAll('vindima/', '').replaceAll('\n', ', ');
  })) &&
  (await step('down and up --wait once more', async () => {
    await compose('down');
    return upAndHealthy();
  }));
if (ready) {
  await tryRunning();
  await step('images from a registry', () => pullFromRegistry(place));
}
if (process.argv.includes('--keep')) say(`left running in ${place.folder}`);
else {
  await step('docker compose down', async () => {
    await compose('down', '--volumes', '--remove-orphans');
    const left = await run(
      place,
      'docker',
      'ps',
      '--all',
      '--quiet',
      '--filter',
      'label=com.docker.compose.project=vindima-try',
    );
    if (left.trim() !== '') throw new Error(`containers are left: ${left}`);
    return 'nothing is left';
  });
  if (ready) await step('upgrade of a volume and an .env of 0.1.0', () => upgradeFrom('828d7b4', here, folder));
  await rm(place.folder, { recursive: true, force: true });
}
print();
process.exitCode = failures() === 0 ? 0 : 1;
