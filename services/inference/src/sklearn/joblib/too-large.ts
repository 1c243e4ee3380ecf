/** Thrown by an unpacker once it has more bytes than it may. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}
