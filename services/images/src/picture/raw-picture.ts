/** A picture that was decoded here and not by libvips: 8 bits each, row by row from the top left. */
export interface RawPicture {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}
