import type { Static, TObject, TSchema } from 'typebox';
import type { ErrorStatus } from '../errors.ts';
import type { Role } from '../gateway.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Whom an operation lets through. */
export interface Access {
  /** The least a user must be; `public` asks nothing. Operations of admins are closed to API keys. */
  readonly role: Role | 'public';
  /** What an API key's scope must allow: `write` for whatever changes something. */
  readonly scope: 'read' | 'write';
  /** Where the scope is another service's than the operation's own: the parameter of the path or the query that names it. */
  readonly service?: `{${string}}`;
  /** Decides who may pass: a person must log in, also where the gateway asks nobody else on its machine. */
  readonly needsLogin?: boolean;
}

/** A form of `multipart/form-data`. */
export interface FormBody {
  /** The parts that are files, by name, each with a sentence. */
  readonly files: Readonly<Record<string, FormFile>>;
  /** The other parts. They are text; what is no text in the schema is written as JSON. */
  readonly fields?: TObject;
}

export interface FormFile {
  readonly description: string;
  /** Several files of this name may come. Default: one. */
  readonly many?: boolean;
}

/** What a request may carry: one of the forms that are given. */
export interface OperationBody {
  /** As `application/json`. */
  readonly json?: TSchema;
  readonly form?: FormBody;
  /** The body is a file itself; the media types that it may have. */
  readonly file?: readonly string[];
  /** A request without a body is taken too. */
  readonly optional?: boolean;
  /**
   * The largest body in bytes, or `file`: as large as the service and the gateway take files. Default 1 MiB. A body of at most 1 MiB must be here
   * within 30 s.
   */
  readonly bytes?: number | 'file';
}

/** An answer of one status. One without any of the forms has no body. */
export interface OperationAnswer {
  /** What it is, for the document. */
  readonly description: string;
  /** As `application/json`. */
  readonly json?: TSchema;
  /** A file; the media types that it may have. */
  readonly file?: readonly string[];
  /** Server-sent events, whose data is JSON of this schema. */
  readonly events?: TSchema;
}

/** What goes wrong: the status, and a sentence for the document. By code: `wine.unknown_series`. */
export type OperationErrors = Readonly<Record<string, readonly [status: ErrorStatus, sentence: string]>>;

/** What an operation is, as it is written down. */
export interface OperationInput {
  readonly method: Method;
  /** As in Fastify: `/images/:id`. */
  readonly path: string;
  /** Where the document puts it. */
  readonly tag: string;
  /** A few words. */
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly headers?: TObject;
  readonly body?: OperationBody;
  readonly answers: Readonly<Record<number, OperationAnswer>>;
  readonly errors: OperationErrors;
  /** Values with which the operation answers 2xx on a new platform, for the document. */
  readonly examples?: {
    readonly params?: Readonly<Record<string, string | number>>;
    readonly query?: Readonly<Record<string, string | number | boolean>>;
    readonly body?: unknown;
    readonly fields?: Readonly<Record<string, unknown>>;
    readonly answer?: unknown;
  };
  /** Clients of the programs before this platform call it: query parameters that it does not know are ignored, and named in the answer. */
  readonly legacy?: boolean;
}

/** An operation of the platform: of it follow its route, its document, who may call it, and the client's method. */
export type Operation<Input extends OperationInput = OperationInput> = Input & {
  readonly service: string;
  /** Also the client's method; with the service before it the operationId. */
  readonly name: string;
};

/** Defines one operation. */
export const defineOperation = <const Input extends OperationInput>(
  input: Input & { readonly service: string; readonly name: string },
): Operation<Input> => input;

/** Defines the operations of a service; the key of each is its name. */
export const defineOperations = <const Inputs extends Readonly<Record<string, OperationInput>>>(
  service: string,
  inputs: Inputs,
): { readonly [Name in keyof Inputs]: Operation<Inputs[Name]> } =>
  Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, { ...input, service, name }])) as unknown as {
    readonly [Name in keyof Inputs]: Operation<Inputs[Name]>;
  };

type Shape<Schema> = Schema extends TObject ? Static<Schema> : unknown;

/** The types of a request. */
export type ParamsOf<Input extends OperationInput> = Shape<Input['params']>;
export type QueryOf<Input extends OperationInput> = Shape<Input['query']>;
export type HeadersOf<Input extends OperationInput> = Shape<Input['headers']>;
/** Of the JSON form; unknown where others are possible too. */
export type BodyOf<Input extends OperationInput> = Input['body'] extends infer Body extends OperationBody
  ? Body extends { readonly form: FormBody } | { readonly file: readonly string[] }
    ? unknown
    : Body extends { readonly json: infer Schema extends TSchema }
      ? Static<Schema>
      : unknown
  : unknown;

/** What the JSON answers of a success are. */
export type AnswerOf<Input extends OperationInput> = {
  [Status in keyof Input['answers']]: Input['answers'][Status] extends { readonly json: infer Schema extends TSchema }
    ? Static<Schema>
    : never;
}[keyof Input['answers']];
