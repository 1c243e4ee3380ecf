import type { FormBody, operations } from '@vindima/contracts';
import type { Static, TObject, TSchema } from 'typebox';
import type { CallOptions } from './client.ts';
import type { ServerEvent } from './events.ts';
import type { table } from './generated/table.ts';

type Operations = typeof operations;
type Table = typeof table;

/** What a file may be given as. A `File` brings its name. */
export type FileArgument = Blob | Uint8Array | ArrayBuffer | string;

type Nothing = Record<never, never>;
type Named<Type> = { [Key in keyof Type as string extends Key ? never : Key]: Type[Key] };
type Fields<Schema> = Schema extends TObject ? Named<Static<Schema>> : Nothing;
type Simple<Type> = { [Key in keyof Type]: Type[Key] };
type CamelCase<Name> = Name extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : Name;
type Property<Of, Name extends string> = Of extends { readonly [Key in Name]: infer Value } ? Value : undefined;

type HeaderFields<Schema> = {
  [Name in keyof Fields<Schema> as CamelCase<Name> & string]: Fields<Schema>[Name];
} & { [Name in keyof Fields<Schema>]?: Fields<Schema>[Name] };

type FormFields<Form> = Form extends FormBody
  ? {
      [Name in keyof Form['files']]: Form['files'][Name] extends { readonly many: true }
        ? FileArgument | readonly FileArgument[]
        : FileArgument;
    } & Fields<Property<Form, 'fields'>>
  : Nothing;

type JsonFields<Json> = Json extends TObject ? Fields<Json> : Nothing;
/** The argument `body`. */
type WholeBody<Body> =
  | (Property<Body, 'json'> extends infer Json extends TSchema ? Static<Json> : never)
  | (Property<Body, 'file'> extends readonly string[] ? FileArgument | ReadableStream : never);
type BodyFields<Body> = [WholeBody<Body>] extends [never]
  ? Nothing
  : { body: WholeBody<Body> } & (Property<Body, 'file'> extends readonly string[] ? { contentType: string } : Nothing);

type AllBodyFields<Body> = JsonFields<Property<Body, 'json'>> & FormFields<Property<Body, 'form'>> & BodyFields<Body>;
/** What the query may say instead of the body is typed as in the body. */
type AllFields<Operation> = Fields<Property<Operation, 'params'>> &
  Omit<Fields<Property<Operation, 'query'>>, keyof AllBodyFields<Property<Operation, 'body'>>> &
  HeaderFields<Property<Operation, 'headers'>> &
  AllBodyFields<Property<Operation, 'body'>>;

type RequiredOf<Entry> = Entry extends { readonly required: readonly (infer Name)[] } ? Name : never;

/** The arguments of a method. */
type ArgumentsOf<Operation, Entry> = Simple<
  {
    [Name in keyof AllFields<Operation> as Name extends RequiredOf<Entry> ? Name : never]-?: AllFields<Operation>[Name];
  } & {
    [Name in keyof AllFields<Operation> as Name extends RequiredOf<Entry> ? never : Name]?:
      | AllFields<Operation>[Name]
      | undefined;
  }
>;

type Success = 200 | 201 | 202 | 203;
type Answers<Operation, Form extends string> =
  Property<Operation, 'answers'> extends infer All
    ? { [Status in keyof All & Success]: Property<All[Status], Form> }[keyof All & Success]
    : never;
type JsonAnswer<Operation> =
  Answers<Operation, 'json'> extends infer Schema ? (Schema extends TSchema ? Static<Schema> : never) : never;
type EventData<Operation> =
  Answers<Operation, 'events'> extends infer Schema extends TSchema ? Static<Schema> : unknown;

type AnswerOf<Operation, Entry> = Entry extends { readonly answer: 'events' }
  ? AsyncGenerator<ServerEvent<EventData<Operation>>>
  : Promise<
      Entry extends { readonly answer: 'json' }
        ? JsonAnswer<Operation>
        : Entry extends { readonly answer: 'file' }
          ? Blob
          : undefined
    >;

type Call<Args, Required, Answer> = [Required] extends [never]
  ? (args?: Args, options?: CallOptions) => Answer
  : (args: Args, options?: CallOptions) => Answer;

/** Calls an operation; `response` gives the whole answer, also of files and other formats. */
export type Method<Operation, Entry> = Call<
  ArgumentsOf<Operation, Entry>,
  RequiredOf<Entry>,
  AnswerOf<Operation, Entry>
> & {
  readonly response: Call<ArgumentsOf<Operation, Entry>, RequiredOf<Entry>, Promise<Response>>;
};

/** The operations of the platform, by service and name. */
export type Client = {
  readonly [Service in keyof Table & keyof Operations]: {
    readonly [Name in keyof Table[Service] & keyof Operations[Service]]: Method<
      Operations[Service][Name],
      Table[Service][Name]
    >;
  };
};
