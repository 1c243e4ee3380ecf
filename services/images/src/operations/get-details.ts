import { imagesOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { ImagesContext } from '../context.ts';
import { findAwaited } from '../db/awaited-taggers.ts';
import { findCorrections } from '../db/corrections.ts';
import { findFindings } from '../db/findings.ts';
import { findDuplicateOf } from '../db/looks.ts';
import { findMetadata } from '../db/metadata.ts';
import { requireImage } from './find-image.ts';

/** Shows what is known of an image, and everything that was found in it. */
export const getDetails = (context: ImagesContext) =>
  implement(context, imagesOperations.getDetails, async ({ params }) => {
    const { query } = context.database;
    const { path: _, ...image } = await requireImage(query, params.id);
    const metadata = await findMetadata(query, image.id);
    const corrections = await findCorrections(query, image.id);
    const duplicate_of = await findDuplicateOf(query, image.id);
    const awaits = await findAwaited(query, image.id);
    return { ...image, metadata, duplicate_of, corrections, awaits, findings: await findFindings(query, image.id) };
  });
