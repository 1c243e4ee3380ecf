import { join } from 'node:path';
import {
  type CommonConfig,
  ConfigurationError,
  type Logger,
  resolveUpstream,
  type UpstreamClient,
} from '@vindima/service-kit';
import type { ImagesConfig } from '../config.ts';
import { addUp, asTaggers } from './added-up.ts';
import { withCircuitBreaker } from './circuit-breaker.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import { createFallbackChain } from './fallback-chain.ts';
import { createImageKit, type ImageKit } from './imagga/imagekit.ts';
import { createImagga } from './imagga/imagga.ts';
import type { RemoteCopies } from './imagga/remote-copies.ts';
import { createImaggaTagger } from './imagga/tagger.ts';
import { createLocalTaggers } from './local/create-local-tagger.ts';
import type { Taggers } from './tagger.ts';

type Config = ImagesConfig & CommonConfig;

export interface TaggerResources {
  readonly config: Readonly<Config>;
  readonly http: UpstreamClient;
  readonly copies: RemoteCopies;
  readonly logger: Logger;
}

/** What the stand-ins of the sandbox take; they stand for nothing real. */
const sandboxCredentials: Credentials = {
  imaggaApiKey: 'acc_sandbox',
  imaggaApiSecret: 'sandbox',
  imageKitPrivateKey: 'private_sandbox',
};

const placesOf = (config: Config) => ({
  imagga: resolveUpstream(config, config.IMAGGA_URL, { live: 'https://api.imagga.com/v2', sandboxPath: '/imagga/v2' }),
  upload: resolveUpstream(config, config.IMAGEKIT_UPLOAD_URL, {
    live: 'https://upload.imagekit.io/api/v1/files/upload',
    sandboxPath: '/imagekit/api/v1/files/upload',
  }),
  api: resolveUpstream(config, config.IMAGEKIT_API_URL, {
    live: 'https://api.imagekit.io/v1',
    sandboxPath: '/imagekit/v1',
  }),
});

const localTaggers = async ({ DATA_DIR, IMAGES_TAGGER_MODEL, IMAGES_TAGGER_THREADS }: Config): Promise<Taggers> => {
  try {
    return await createLocalTaggers({
      cacheFolder: join(DATA_DIR, 'models'),
      ...(IMAGES_TAGGER_MODEL === undefined ? {} : { model: IMAGES_TAGGER_MODEL }),
      ...(IMAGES_TAGGER_THREADS === undefined ? {} : { threads: IMAGES_TAGGER_THREADS }),
    });
  } catch (error) {
    if (IMAGES_TAGGER_MODEL === undefined) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(
      `IMAGES_TAGGER_MODEL=${IMAGES_TAGGER_MODEL}: expected the description of an ONNX classifier, or several between commas (${reason})`,
    );
  }
};

/** The tagger that the configuration asks for, and ImageKit where it is used. */
export const createTagger = async (
  resources: TaggerResources,
): Promise<{ tagger: Taggers; imageKit: ImageKit | undefined }> => {
  const { config, http, copies, logger } = resources;
  const given = await readCredentials(config);
  const wanted = config.IMAGES_TAGGER ?? (given === undefined ? 'local' : 'imagga,local');
  const names = wanted.split(/[,+]/);
  if (!names.includes('imagga')) return { tagger: await localTaggers(config), imageKit: undefined };

  const { imagga, upload, api } = placesOf(config);
  const inSandbox = [imagga, upload, api].every(({ source }) => source === 'sandbox');
  const credentials = given ?? (inSandbox ? sandboxCredentials : undefined);
  if (credentials === undefined) {
    throw new ConfigurationError(
      `IMAGES_TAGGER=${config.IMAGES_TAGGER}: expected IMAGGA_API_KEY, IMAGGA_API_SECRET and IMAGEKIT_PRIVATE_KEY, or a CREDENTIALS_FILE with them`,
    );
  }
  const timeoutMs = config.IMAGES_TAGGER_TIMEOUT;
  const imageKit = createImageKit(http, {
    uploadUrl: upload.url,
    apiUrl: api.url,
    privateKey: credentials.imageKitPrivateKey,
    timeoutMs,
  });
  const remote = createImaggaTagger({
    imageKit,
    imagga: createImagga(http, {
      url: imagga.url,
      apiKey: credentials.imaggaApiKey,
      apiSecret: credentials.imaggaApiSecret,
      timeoutMs,
    }),
    copies,
    size: config.IMAGGA_SIZE,
    isSandbox: imagga.source === 'sandbox',
    logger,
  });
  const taggers: Taggers[] = [];
  for (const name of names) {
    taggers.push(name === 'imagga' ? asTaggers(withCircuitBreaker(remote)) : await localTaggers(config));
  }
  const tagger = wanted.includes('+')
    ? addUp(taggers, logger)
    : { ...createFallbackChain(taggers, logger), members: [] };
  return { tagger, imageKit };
};
