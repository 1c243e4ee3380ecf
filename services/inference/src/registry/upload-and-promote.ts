import type { LoadPorts } from './load.ts';
import { type PromoteOptions, promote } from './promote.ts';
import { removeModel, removeVersion } from './remove.ts';
import { type Upload, type Uploaded, upload } from './upload.ts';

/**
 * Uploads a version and lets it answer. One that cannot is not kept: whoever is told that an upload was refused has changed nothing.
 *
 * @param isWanted whether it is to answer, asked when it is there
 * @throws ServiceError as `upload` and `promote`
 */
export const uploadAndPromote = async (
  { registry, trial, defaults }: LoadPorts,
  file: Upload,
  options: PromoteOptions,
  isWanted: () => boolean = () => true,
): Promise<Uploaded> => {
  const uploaded = await upload(registry, trial, defaults, file);
  if (!isWanted()) return uploaded;
  const { ref } = uploaded.version;
  try {
    await registry.exclusively(() => promote(registry, ref, options));
  } catch (error) {
    const versions = (await registry.refresh()).models.get(ref.name)?.versions;
    if (uploaded.created && versions?.has(ref.version)) {
      await (versions.size === 1 ? removeModel(registry, ref.name) : removeVersion(registry, ref));
    }
    throw error;
  }
  return uploaded;
};
