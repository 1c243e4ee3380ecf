import { addUpModels } from '../added-up.ts';
import { createCenterNetTagger } from '../centernet/tagger.ts';
import { createClassifierTagger } from '../classifier/tagger.ts';
import type { Tagger, Taggers } from '../tagger.ts';

export interface LocalTaggerOptions {
  /** Where converted models are cached. */
  readonly cacheFolder: string;
  /** IMAGES_TAGGER_MODEL: another model than the default one. */
  readonly model?: string;
  readonly threads?: number;
}

/** The name of the default model, where several are named. */
const centerNet = 'centernet';

/** A tagger that runs here: CenterNet, or the classifier that was named. */
export const createLocalTagger = ({ cacheFolder, model, ...options }: LocalTaggerOptions): Promise<Tagger> =>
  model === undefined || model === centerNet
    ? createCenterNetTagger({ cacheFolder, ...options })
    : createClassifierTagger({ path: model, ...options });

/**
 * The taggers of TAGGER_MODEL: descriptions between commas, `centernet` for the default model among them, which add up.
 * @throws Error that names the one which cannot be used
 */
export const createLocalTaggers = async ({ model = centerNet, ...options }: LocalTaggerOptions): Promise<Taggers> => {
  const opened: Tagger[] = [];
  try {
    for (const name of model.split(',').map((one) => one.trim())) {
      opened.push(await createLocalTagger({ model: name, ...options }));
    }
  } catch (error) {
    for (const tagger of opened) await tagger.close();
    throw error;
  }
  return addUpModels(opened);
};
