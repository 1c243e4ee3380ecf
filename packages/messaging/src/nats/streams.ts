import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import {
  deadLetterRetentionMs,
  duplicateWindowMs,
  eventRetentionMs,
  headerAllowanceBytes,
  maximumWaitingBytes,
  maximumWaitingCommands,
} from '../limits.ts';
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
> &
  Partial<Limits>;
type Limits = Pick<StreamConfig, 'discard' | 'max_msgs' | 'max_bytes'>;

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
const insufficientStorage = [10023, 10028, 10047];
const leastBytes = 16 * 1024 * 1024;

/**
 * The limits of what waits: those that a stream has are the operator's and stay; one without any (of 0.1.0) gets ours. Whoever publishes too
 * much is told, instead of the oldest being dropped.
 */
const limitsFor = (kind: StreamKind, { max_msgs = -1, max_bytes = -1 }: Partial<Limits> = {}): Partial<Limits> =>
  kind === 'commands'
    ? {
        discard: DiscardPolicy.New,
        max_msgs: max_msgs > 0 ? max_msgs : maximumWaitingCommands,
        max_bytes: max_bytes > 0 ? max_bytes : maximumWaitingBytes,
      }
    : {};

/** A server sets the bytes aside. Where it has not so many left, half of them do, and so on; on the smallest the messages alone are counted. */
const withinStorage = async (
  wanted: OwnSettings,
  write: (settings: OwnSettings) => Promise<StreamInfo>,
): Promise<StreamInfo> => {
  for (let settings = wanted; ; ) {
    try {
      return await write(settings);
    } catch (error) {
      const { max_bytes: bytes = -1 } = settings;
      if (bytes < 0 || !(error instanceof JetStreamApiError && insufficientStorage.includes(error.code))) throw error;
      settings = { ...settings, max_bytes: bytes / 2 >= leastBytes ? Math.floor(bytes / 2) : -1 };
    }
  }
};

/** Storage, replicas and limits of an existing stream are the operator's and stay as they are. */
const ensureStream = async (
  manager: JetStreamManager,
  kind: StreamKind,
  settings: OwnSettings,
): Promise<StreamInfo> => {
  const wanted = { ...settings, ...limitsFor(kind) };
  try {
    const info = await manager.streams.info(wanted.name);
    const present = info.config;
    const limits = limitsFor(kind, present);
    const same =
      present.subjects?.join() === wanted.subjects?.join() &&
      present.max_age === wanted.max_age &&
      present.duplicate_window === wanted.duplicate_window &&
      present.max_msg_size === wanted.max_msg_size &&
      Object.entries(limits).every(([name, value]) => present[name as keyof Limits] === value);
    if (same) return info;
    return await withinStorage({ ...settings, ...limits }, (fitting) => manager.streams.update(wanted.name, fitting));
  } catch (error) {
    if (!(error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound)) throw error;
  }
  try {
    return await withinStorage(wanted, (fitting) => manager.streams.add(fitting));
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
      const info = await ensureStream(manager, kind, settings(kind, name(kind), outer(`${kind}.>`), messageBytes));
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
