import { createCenterNetTagger } from '../centernet/tagger.ts';
import { createClassifierTagger } from '../classifier/tagger.ts';
import type { Tagger } from '../tagger.ts';

export interface LocalTaggerOptions {
  /** Where converted models are cached. */
  readonly cacheFolder: string;
  /** IMAGES_TAGGER_MODEL: another model than the default one. */
  readonly model?: string;
  readonly threads?: number;
}

/** The tagger that runs here: CenterNet, or the classifier that was named. */
export const createLocalTagger = ({ cacheFolder, model, ...options }: LocalTaggerOptions): Promise<Tagger> =>
  model === undefined
    ? createCenterNetTagger({ cacheFolder, ...options })
    : createClassifierTagger({ path: model, ...options });
