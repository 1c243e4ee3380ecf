// Which profiles of compose.yaml can be started here: those whose images, and those that their own images are built from, can be had.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Place, run } from './steps.ts';

interface ComposeService {
  readonly image?: string;
  readonly profiles?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile?: string };
}

/** What a Dockerfile begins from: its own stages aside, build arguments by their defaults. */
const basesOf = (dockerfile: string): string[] => {
  const defaults = new Map([...dockerfile.matchAll(/^ARG (\w+)=(\S+)/gm)].map(([, name, value]) => [name, value]));
  const from = [...dockerfile.matchAll(/^FROM (?:--platform=\S+ )?(\S+)(?: AS (\S+))?/gim)];
  const stages = new Set(from.map(([, , stage]) => stage));
  return from
    .map(([, image = '']) => image.replace(/\$\{?(\w+)\}?/g, (whole, name) => defaults.get(name) ?? whole))
    .filter((image) => !stages.has(image) && image !== 'scratch');
};

/** @throws when an image that every platform needs is not to be had */
export const availableProfiles = async (place: Place): Promise<{ profiles: string[]; leftOut: string[] }> => {
  const config = JSON.parse(await run(place, 'docker', 'compose', '--profile', '*', 'config', '--format', 'json'));
  const services = Object.values(config.services as Record<string, ComposeService>);
  const built = new Set(services.filter(({ build }) => build !== undefined).map(({ image }) => image));
  const missing = new Map<string, boolean>();
  const isMissing = async (image: string) => {
    const known = missing.get(image);
    if (known !== undefined) return known;
    const found = await run(place, 'docker', 'image', 'inspect', image)
      .catch(() => run(place, 'docker', 'pull', '--quiet', image))
      .catch(() => undefined);
    missing.set(image, found === undefined);
    return found === undefined;
  };
  const lacks = new Map<string, string>();
  const profiles = new Set<string>();
  for (const { image = '', profiles: of = [], build } of services) {
    for (const profile of of) profiles.add(profile);
    const needed =
      build !== undefined
        ? basesOf(await readFile(join(build.context, build.dockerfile ?? 'Dockerfile'), 'utf8'))
        : built.has(image)
          ? []
          : [image];
    for (const name of needed) {
      if (!(await isMissing(name))) continue;
      if (of.length === 0) throw new Error(`${name} is not to be had, and nothing starts without it`);
      for (const profile of of) lacks.set(profile, name);
    }
  }
  return {
    profiles: [...profiles].filter((profile) => !lacks.has(profile)),
    leftOut: [...lacks].map(([profile, image]) => `${profile} (${image})`),
  };
};
