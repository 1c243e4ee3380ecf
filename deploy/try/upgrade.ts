// An operator's way from an older version to this one: the same folder of settings, the same volumes.
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LeftOut, type Place, run } from './steps.ts';

/**
 * Starts the version of `commit` with an .env that it wrote, puts data in, and starts the present one on its volumes: first with that
 * very .env, then with what `npm run env` adds.
 */
export const upgradeFrom = async (commit: string, here: Place, folder: string): Promise<string> => {
  await run(here, 'git', 'cat-file', '-e', `${commit}^{commit}`).catch(() => {
    throw new LeftOut(`this clone does not have ${commit}`);
  });
  const settings = { COMPOSE_PROJECT_NAME: 'vindima-upgrade', COMPOSE_PROFILES: 'sandbox' };
  const at = (name: string): Place => ({
    ...here,
    folder: join(folder, name),
    environment: { ...here.environment, ...settings, VINDIMA_VERSION: name },
  });
  const [before, now] = [at('before'), at('now')];
  for (const place of [before, now])
    await run(here, 'git', 'clone', '--quiet', '--no-hardlinks', here.folder, place.folder);
  await run(before, 'git', 'checkout', '--quiet', commit);
  const memory = join(folder, 'memory.json');
  const data = (verb: string) =>
    run(now, process.execPath, '--env-file=.env', 'deploy/try/upgrade-data.ts', verb, memory);
  const up = (place: Place, ...args: string[]) => run(place, 'docker', 'compose', 'up', '--detach', ...args);
  try {
    await run(before, process.execPath, 'scripts/make-env.cjs');
    await copyFile(join(before.folder, '.env'), join(now.folder, '.env'));
    await run(before, 'docker', 'compose', 'build');
    // Without --wait: the gateway of that version works, but its health check asked for the port "undefined".
    await up(before);
    await answering(before);
    const put = await data('put');
    await run(before, 'docker', 'compose', 'down');

    await run(now, 'docker', 'compose', 'build');
    await up(now, '--wait', '--wait-timeout', '600');
    const warnings = await run(now, 'docker', 'compose', 'logs', '--no-log-prefix', 'secrets');
    const first = await data('find');
    await run(now, process.execPath, 'scripts/make-env.cjs');
    await up(now, '--wait', '--wait-timeout', '600');
    const second = await data('find');
    const said = [put, first, second].map((text) => text.trim().split('\n').at(-1));
    return `${said[0]}; with the old .env (${warnings.match(/warning:/g)?.length ?? 0} warnings): ${said[1]}; with what npm run env adds: ${said[2]}`;
  } finally {
    await run(now, 'docker', 'compose', 'down', '--volumes', '--remove-orphans').catch(() => '');
  }
};

/** Waits until the gateway and all that is behind it answer. */
const answering = async ({ environment }: Place) => {
  const url = `http://127.0.0.1:${environment.GATEWAY_PORT}/health`;
  let last = '';
  for (let turn = 0; turn < 300; turn++) {
    last = await fetch(url).then(
      (answer) => answer.text(),
      (error: unknown) => String(error),
    );
    if (last.includes('"status":"ok"') && !/"(down|not ready|degraded)"/.test(last)) return;
    await sleep(1000);
  }
  throw new Error(`the platform does not answer: ${last.slice(0, 300)}`);
};
