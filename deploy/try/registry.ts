// Released images can be pulled instead of built: pushed to a registry on this machine under the names that the release workflow
// gives them, and started from there. The registry is Debian's `docker-registry`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LeftOut, type Place, run } from './steps.ts';

const port = Number(process.env.REGISTRY_PORT || 18281);

export const pullFromRegistry = async (place: Place): Promise<string> => {
  await run(place, 'which', 'docker-registry').catch(() => {
    throw new LeftOut('there is no docker-registry here (a package of Debian)');
  });
  const home = `${place.folder}-registry`;
  await mkdir(home, { recursive: true });
  const settings = {
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(home, 'data') } },
    http: { addr: `127.0.0.1:${port}` },
  };
  await writeFile(join(home, 'config.yml'), JSON.stringify(settings));
  const registry = spawn('docker-registry', ['serve', join(home, 'config.yml')], { stdio: 'ignore' });
  const ended = once(registry, 'close');
  try {
    await answers(`http://127.0.0.1:${port}/v2/`);
    return await publishAndStart(place);
  } finally {
    registry.kill();
    await ended;
  }
};

/** As the release workflow: every image under the prefix, with the version as its tag. */
const publishAndStart = async (place: Place): Promise<string> => {
  const workflow = await readFile(join(place.folder, '.github/workflows/release.yml'), 'utf8');
  const services = /service: \[(.*)\]/.exec(workflow)?.[1]?.split(', ') ?? [];
  const name = /images: ghcr\.io\/(.*)/.exec(workflow)?.[1] ?? '';
  const nameOf = (service: string) =>
    `127.0.0.1:${port}/${name.replace(/\$\{\{ github.repository \}\}/, 'acme/vindima').replace(/\$\{\{ matrix.service \}\}/, service)}`;
  const version = '9.9.9';
  for (const service of services) {
    const tag = `${nameOf(service)}:${version}`;
    await run(place, 'docker', 'tag', `vindima/${service}:try`, tag);
    await run(place, 'docker', 'push', '--quiet', tag);
    await run(place, 'docker', 'image', 'rm', tag);
  }
  const released = { VINDIMA_IMAGES: `127.0.0.1:${port}/acme/vindima`, VINDIMA_VERSION: version };
  const at = { ...place, environment: { ...place.environment, ...released } };
  await run(at, 'docker', 'compose', 'pull', '--quiet', '--ignore-buildable=false', ...services);
  await run(at, 'docker', 'compose', 'up', '--detach', '--no-build', '--wait', '--wait-timeout', '600');
  const images = (await run(at, 'docker', 'compose', 'images', '--format', 'json')).trim();
  const pulled = (JSON.parse(images) as { Repository: string }[]).filter(({ Repository }) =>
    Repository.includes('acme/'),
  );
  if (pulled.length < services.length) throw new Error(`${pulled.length} containers run from pulled images`);
  return `${services.length} images pushed, removed, pulled and started as ${released.VINDIMA_IMAGES}/*:${version}`;
};

const answers = async (url: string) => {
  for (let turn = 0; turn < 50; turn++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(200);
  }
  throw new Error('the registry does not answer');
};
