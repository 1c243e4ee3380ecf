/** What a method of the client needs to know of its operation. */
export interface TableEntry {
  readonly method: string;
  /** `/wine/series/:id` */
  readonly path: string;
  readonly query?: readonly string[];
  /** Their names in the request, by those of the arguments: `idempotencyKey` is `idempotency-key`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields of a JSON body that is an object. */
  readonly fields?: readonly string[];
  /** Whether the argument `body` may be JSON: where it is no object, or may be something else too. */
  readonly json?: true;
  /** A request without a body is taken too. */
  readonly optional?: true;
  readonly form?: { readonly files: readonly string[]; readonly fields: readonly string[] };
  /** The media types that the argument `body` may have where it is a file. */
  readonly file?: readonly string[];
  /** Arguments that must be there. */
  readonly required: readonly string[];
  /** What an answer is, where it went well. `file` is that alone, `json` may be a file on demand too. */
  readonly answer: 'json' | 'file' | 'events' | 'none';
}
