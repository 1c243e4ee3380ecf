import type { KitTables } from '@vindima/service-kit';
import type { Generated } from 'kysely';

/** `pictures`, `tags`: the tables of the system that this service replaces, as its clients know them. Dates: `YYYY-MM-DD HH:MM:SS`. */
export interface PicturesTable {
  id: Generated<number>;
  /** Key in the object store. */
  path: string;
  date: string;
}

export interface TagsTable {
  tag: string;
  picture_id: number;
  confidence: number;
  /** The picture's, so that one index finds tags in a range of dates. */
  date: string;
}

export interface PictureDetailsTable {
  picture_id: number;
  sha256: string;
  format: string;
  width: number;
  height: number;
  bytes: number;
}

/** Who found something; few rows. */
export interface TagSourcesTable {
  id: Generated<number>;
  tagger: string;
  model: string;
  version: string;
}

/** Everything that was found, by whom, also what is not confident enough to be a tag. */
export interface FindingsTable {
  picture_id: number;
  tag: string;
  confidence: number;
  source_id: number;
}

/** What the file says of itself; see `ImageMetadata`. */
export interface PictureMetadataTable {
  picture_id: number;
  title: string | null;
  caption: string | null;
  /** JSON. */
  keywords: string;
  taken_at: string | null;
  taken_zone: string | null;
  camera: string | null;
  lens: string | null;
  latitude: number | null;
  longitude: number | null;
  orientation: number | null;
}

/** Taggers that could not look at an image when it came; they are asked again. */
export interface AwaitedTaggersTable {
  picture_id: number;
  tagger: string;
  /** Of the upload: what is more confident becomes a tag. */
  minimum_confidence: number;
  /** How often it was asked again. */
  attempts: number;
}

/** Bytes that are stored, once each, however many images have them. */
export interface PictureFilesTable {
  sha256: string;
  /** Key in the object store. */
  path: string;
}

/** Pictures that were taken over from the system that this service replaces. */
export interface AdoptedPicturesTable {
  picture_id: number;
  /** There. */
  old_id: number;
  state: 'whole' | 'missing' | 'broken';
}

/** What people say of a picture's tags. */
export interface CorrectionsTable {
  picture_id: number;
  tag: string;
  is_right: number;
  by_whom: string;
  at: string;
}

export interface AlbumsTable {
  id: Generated<number>;
  name: string;
}

export interface AlbumPicturesTable {
  album_id: number;
  picture_id: number;
}

/** How pictures look, whatever their files are. */
export interface LooksTable {
  picture_id: number;
  /** SHA-256 of the pixels of the preview. */
  pixels: string;
  /** A perceptual hash of 64 bits in four parts of four hexadecimal digits; null for a picture in which there is too little to tell it by. */
  part0: string | null;
  part1: string | null;
  part2: string | null;
  part3: string | null;
  colours: string;
  /** The first image that looks the same. */
  duplicate_of: number | null;
}

/** Every tag that was ever given; for searches by a part of it. */
export interface VocabularyTable {
  tag: string;
}

/** Copies that may be on ImageKit: written before the upload, removed when the copy is known to be gone. */
export interface RemoteCopiesTable {
  name: string;
  file_id: string | null;
  created_at: string;
}

/** Bytes that somebody is storing and tagging, until the image is there or the lease has run out. */
export interface UploadClaimsTable {
  sha256: string;
  /** Of the one who has the claim: changes with every holder, so that one who lost it can change nothing any more. */
  token: string;
  expires_at: string;
}

/** All tables of the database; the kit's own are in it too. */
export interface ImagesTables extends KitTables {
  pictures: PicturesTable;
  tags: TagsTable;
  picture_details: PictureDetailsTable;
  tag_sources: TagSourcesTable;
  findings: FindingsTable;
  picture_metadata: PictureMetadataTable;
  awaited_taggers: AwaitedTaggersTable;
  picture_files: PictureFilesTable;
  adopted_pictures: AdoptedPicturesTable;
  corrections: CorrectionsTable;
  albums: AlbumsTable;
  album_pictures: AlbumPicturesTable;
  looks: LooksTable;
  vocabulary: VocabularyTable;
  remote_copies: RemoteCopiesTable;
  upload_claims: UploadClaimsTable;
}
