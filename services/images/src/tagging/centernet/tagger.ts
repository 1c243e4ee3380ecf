import type { Picture } from '../../picture/read-picture.ts';
import { createInference } from '../local/inference.ts';
import { type Tagger, type Tagging, toFindings } from '../tagger.ts';
import { cachedCenterNet } from './cached-model.ts';
import { centerNetCalibration, probabilityOf } from './calibration.ts';
import { pictureEdge, prepareInput } from './prepare-input.ts';
import { readEvidence } from './read-evidence.ts';

export interface CenterNetOptions {
  /** Where the converted model is cached. */
  readonly cacheFolder: string;
  readonly threads?: number;
}

/** Of a hundred such findings one is right: not worth keeping. */
const lowestConfidence = 1;

/** The tagger that needs no account and no network: the 80 everyday objects and animals of COCO. */
export const createCenterNetTagger = async ({ cacheFolder, ...options }: CenterNetOptions): Promise<Tagger> => {
  const { path, version } = await cachedCenterNet(cacheFolder);
  const inference = await createInference({ modelPath: path, ...options });
  return {
    name: 'local',
    previewEdge: pictureEdge,
    async tag({ preview }: Picture, signal): Promise<Tagging> {
      const prepared = prepareInput(preview);
      const input = prepared instanceof Promise ? await prepared : prepared;
      signal.throwIfAborted();
      const findings = readEvidence(await inference.run(input))
        .map((evidence) => ({ tag: evidence.label, confidence: 100 * probabilityOf(evidence, centerNetCalibration) }))
        .filter(({ confidence }) => confidence >= lowestConfidence);
      return { tagger: 'local', model: 'centernet-mobilenetv3-coco', version, findings: toFindings(findings) };
    },
    close: () => inference.close(),
  };
};
