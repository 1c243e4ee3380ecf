/**
 * What may be on ImageKit, so that a copy is removed even when the process dies between its upload and its removal. Implemented by a table.
 */
export interface RemoteCopies {
  /** Before the upload, under the name that the copy will have. */
  expect(name: string): Promise<void>;
  uploaded(name: string, fileId: string): Promise<void>;
  /** The copy is known not to be there. */
  gone(name: string): Promise<void>;
  olderThan(time: Date): Promise<readonly { readonly name: string; readonly fileId?: string }[]>;
}
