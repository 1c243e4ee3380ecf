import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../../..');
const read = (file: string) => parse(readFileSync(join(root, file), 'utf8'), { merge: true });

interface Container {
  readonly image: string;
  readonly build?: { readonly args: { readonly SERVICE: string } };
  readonly entrypoint?: string | string[];
  readonly command?: string | string[];
  readonly environment?: Record<string, string>;
  readonly volumes?: string[];
  readonly logging?: { readonly options: Record<string, string> };
  readonly pids_limit?: number;
  readonly mem_limit?: string;
  readonly read_only?: boolean;
  readonly healthcheck?: { readonly interval?: string; readonly timeout?: string; readonly disable?: boolean };
}
const containers = Object.entries(read('compose.yaml').services as Record<string, Container>);
const ours = containers.filter(([, { build }]) => build !== undefined);
/** Variables of an .env whose value nobody else should see. */
const secret = /\$\{(\w*(?:PASSWORD|TOKEN|SECRET|_KEY|DATABASE_URL|NATS_URL)\w*)(?::[-?]|\})/g;

describe('compose.yaml', () => {
  it.each(containers)('bounds the log, processes and memory of %s, and writes nothing into it', (_, container) => {
    expect(container).toMatchObject({ read_only: true, cap_drop: ['ALL'], mem_limit: expect.any(String) });
    expect(container.logging?.options).toEqual({ 'max-size': expect.any(String), 'max-file': expect.any(String) });
    expect(container.pids_limit).toBeGreaterThan(0);
  });

  it.each(containers)('has no secret in the arguments of %s, nor in its variables', (name, container) => {
    const shown = JSON.stringify([container.command, container.entrypoint]);
    expect([...shown.matchAll(secret)]).toEqual([]);
    if (name === 'secrets') return;
    const known = [...JSON.stringify(container.environment ?? {}).matchAll(secret)].map(([, variable]) => variable);
    // SeaweedFS takes its own keys from nowhere else.
    expect(known).toEqual(name === 's3' ? ['S3_ACCESS_KEY', 'S3_SECRET_KEY'] : []);
  });

  it('gives every service the secrets that are its own, and nobody those of another', () => {
    const mounts = containers.flatMap(([name, { volumes = [] }]) =>
      volumes.filter((volume) => volume.includes('-secrets:')).map((volume) => [name, volume.split(':')[0]]),
    );
    const writer = mounts.filter(([name]) => name === 'secrets').map(([, volume]) => volume);
    const readers = mounts.filter(([name]) => name !== 'secrets');
    for (const [name, volume] of readers) expect(volume).toBe(`${name}-secrets`);
    expect(writer.sort()).toEqual(readers.map(([, volume]) => volume).sort());
  });

  it('starts no program more often than every five seconds to ask after health, and none of ours is node', () => {
    for (const [, { healthcheck }] of containers) {
      if (healthcheck === undefined || healthcheck.disable) continue;
      expect(Number.parseInt(healthcheck.interval ?? '', 10)).toBeGreaterThanOrEqual(5);
      expect(Number.parseInt(healthcheck.timeout ?? '', 10)).toBeGreaterThanOrEqual(10);
    }
    const check = /^HEALTHCHECK (.*)$/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8'))?.[1];
    expect(check).toContain('CMD ["/app/container/healthcheck"]');
  });

  it('names the images of a release as the release workflow does', () => {
    const { jobs } = read('.github/workflows/release.yml');
    expect([...jobs.images.strategy.matrix.service].sort()).toEqual(ours.map(([name]) => name).sort());
    const steps = jobs.images.steps as { id?: string; with?: { images?: string; tags?: string } }[];
    const names = steps.find(({ id }) => id === 'image')?.with;
    expect(names?.images).toBe(`ghcr.io/\${{ github.repository }}/\${{ matrix.service }}`);
    expect(names?.tags).toContain('pattern={{version}}');
    for (const [name, { image, build }] of ours) {
      expect([image, build?.args.SERVICE]).toEqual([
        `\${VINDIMA_IMAGES:-vindima}/${name}:\${VINDIMA_VERSION:-dev}`,
        name,
      ]);
    }
  });
});
