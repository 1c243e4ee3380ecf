import type { Static, TSchema } from 'typebox';

/** A message that the platform knows: its subject, its version and the schema of its payload. */
export interface MessageDefinition<Payload extends TSchema = TSchema> {
  /** `commands.<service>.<verb>` or `events.<service>.<what-happened>` */
  readonly subject: string;
  /** CloudEvents type, with a version that changes when a payload does so incompatibly: `wine.series-ingested.v1` */
  readonly type: string;
  /** One sentence for the AsyncAPI document. */
  readonly summary: string;
  readonly payload: Payload;
}

/** Asks one service to do something; exactly one consumer gets it. */
export interface CommandDefinition<Payload extends TSchema = TSchema> extends MessageDefinition<Payload> {
  readonly kind: 'command';
}

/** Says what a service did; every interested service gets it. */
export interface EventDefinition<Payload extends TSchema = TSchema> extends MessageDefinition<Payload> {
  readonly kind: 'event';
}

export type AnyMessage = CommandDefinition | EventDefinition;
export type PayloadOf<Definition extends MessageDefinition> = Static<Definition['payload']>;

interface DefinitionInput<Payload extends TSchema> {
  readonly service: string;
  readonly name: string;
  readonly version?: number;
  readonly summary: string;
  readonly payload: Payload;
}

const define = <Payload extends TSchema>(prefix: string, input: DefinitionInput<Payload>) => ({
  subject: `${prefix}.${input.service}.${input.name}`,
  type: `${input.service}.${input.name}.v${input.version ?? 1}`,
  summary: input.summary,
  payload: input.payload,
});

export const defineCommand = <Payload extends TSchema>(
  input: DefinitionInput<Payload>,
): CommandDefinition<Payload> => ({
  kind: 'command',
  ...define('commands', input),
});

export const defineEvent = <Payload extends TSchema>(input: DefinitionInput<Payload>): EventDefinition<Payload> => ({
  kind: 'event',
  ...define('events', input),
});
