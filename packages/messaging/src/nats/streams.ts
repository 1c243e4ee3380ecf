import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { deadLetterRetentionMs, duplicateWindowMs, eventRetentionMs, headerAllowanceBytes } from '../limits.ts';
import type { StreamKind } from '../subjects.ts';

export interface Streams {
  /** Makes the streams that are missing and corrects those that differ. Safe to call by many at once, at any time. */
  ensure(): Promise<void>;
  name(kind: StreamKind): string;
  /** @returns the subject as the server knows it. */
  outer(subject: string): string;
  /** @returns the subject without the prefix. */
  inner(subject: string): string;
  /** When the stream was made, Unix milliseconds: with a sequence it names a message for good. */
  createdAt(kind: StreamKind): number;
}

const kinds = ['commands', 'events', 'dead-letters'] as const;
const names = { commands: 'COMMANDS', events: 'EVENTS', 'dead-letters': 'DEAD_LETTERS' } as const;

type OwnSettings = Pick<
  StreamConfig,
  'name' | 'subjects' | 'retention' | 'max_age' | 'duplicate_window' | 'max_msg_size'
>;

const settings = (kind: StreamKind, name: string, subject: string, messageBytes: number): OwnSettings => ({
  name,
  subjects: [subject],
  retention: kind === 'commands' ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
  max_age: kind === 'commands' ? 0 : nanos(kind === 'events' ? eventRetentionMs : deadLetterRetentionMs),
  duplicate_window: nanos(duplicateWindowMs),
  // What is let in must fit in a dead letter together with the reason.
  max_msg_size: kind === 'dead-letters' ? -1 : messageBytes - headerAllowanceBytes,
});

const alreadyThere = 10058;

/** Storage, replicas and byte limits of an existing stream are the operator's and stay as they are. */
const ensureStream = async (manager: JetStreamManager, wanted: OwnSettings): Promise<StreamInfo> => {
  try {
    const info = await manager.streams.info(wanted.name);
    const same =
      info.config.subjects?.join() === wanted.subjects?.join() &&
      info.config.max_age === wanted.max_age &&
      info.config.duplicate_window === wanted.duplicate_window &&
      info.config.max_msg_size === wanted.max_msg_size;
    return same ? info : await manager.streams.update(wanted.name, wanted);
  } catch (error) {
    if (!(error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound)) throw error;
  }
  try {
    return await manager.streams.add(wanted);
  } catch (error) {
    // Another process was faster.
    if (error instanceof JetStreamApiError && error.code === alreadyThere) {
      return await manager.streams.info(wanted.name);
    }
    throw error;
  }
};

export const createStreams = (manager: JetStreamManager, messageBytes: number, prefix = ''): Streams => {
  const created = new Map<StreamKind, number>();
  const name = (kind: StreamKind) => (prefix === '' ? names[kind] : `${prefix}_${names[kind]}`);
  const outer = (subject: string) => (prefix === '' ? subject : `${prefix}.${subject}`);
  let ensuring: Promise<void> | undefined;
  const ensure = async () => {
    for (const kind of kinds) {
      const info = await ensureStream(manager, settings(kind, name(kind), outer(`${kind}.>`), messageBytes));
      created.set(kind, Date.parse(info.created));
    }
  };
  return {
    name,
    outer,
    inner: (subject) => (prefix === '' ? subject : subject.slice(prefix.length + 1)),
    createdAt: (kind) => created.get(kind) ?? 0,
    ensure: () => {
      // Many notice at once that something is missing; one asks.
      ensuring ??= ensure().finally(() => {
        ensuring = undefined;
      });
      return ensuring;
    },
  };
};
