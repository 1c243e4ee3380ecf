import type { ObjectStore } from '@vindima/object-store';
import type { ServiceContext } from '@vindima/service-kit';
import type { ImagesConfig } from './config.ts';
import type { ImagesTables } from './db/tables.ts';
import type { PictureFetcher } from './fetching/fetch-picture.ts';
import type { NamesOfTags } from './names/tag-names.ts';
import type { StorePicture } from './uploads/store-picture.ts';

/** What routes, handlers and jobs are given: the kit's resources and what the service made of them. */
export interface ImagesContext extends ServiceContext<ImagesConfig, ImagesTables> {
  /** Where photographs are kept. */
  readonly objects: ObjectStore;
  /** The object store of the platform, in which others leave what is to be tagged. */
  readonly lake: ObjectStore;
  readonly storePicture: StorePicture;
  /** In other languages. */
  readonly tagNames: NamesOfTags;
  readonly fetcher: PictureFetcher;
}
