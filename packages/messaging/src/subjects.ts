import { ServiceError } from '@vindima/contracts';

export type StreamKind = 'commands' | 'events' | 'dead-letters';

const subjectPattern = /^(commands|events)(\.[A-Za-z0-9-]+){1,8}$/;
const namePattern = /^[A-Za-z0-9-]{1,64}$/;

/** @returns the stream of a subject. @throws 500 `messaging.invalid_subject`: subjects are constants of contracts, so it is our mistake. */
export const streamOf = (subject: string): 'commands' | 'events' => {
  const kind = subject.length <= 200 ? subjectPattern.exec(subject)?.[1] : undefined;
  if (kind !== 'commands' && kind !== 'events') {
    throw new ServiceError(
      500,
      'messaging.invalid_subject',
      `"${subject.slice(0, 200)}" is no subject: expected commands.<service>.<verb> or events.<service>.<what-happened>, of letters, digits and hyphens`,
    );
  }
  return kind;
};

/** @throws 500 `messaging.invalid_consumer` when a durable name has anything but letters, digits and hyphens. */
export const checkConsumerName = (name: string): void => {
  if (!namePattern.test(name)) {
    throw new ServiceError(
      500,
      'messaging.invalid_consumer',
      `"${name}" is no consumer name: expected 1 to 64 letters, digits and hyphens`,
    );
  }
};

/** @returns whether a subject fits a pattern with NATS wildcards: `*` is one token, a last `>` one or more. */
export const subjectMatches = (pattern: string, subject: string): boolean => {
  const expected = pattern.split('.');
  const tokens = subject.split('.');
  for (const [index, token] of expected.entries()) {
    if (token === '>' && index === expected.length - 1) return tokens.length > index;
    if (tokens[index] === undefined || (token !== '*' && token !== tokens[index])) return false;
  }
  return tokens.length === expected.length;
};

const watchPattern = /^events(\.([A-Za-z0-9-]+|\*))*(\.>)?$/;

/** Only events can be watched: commands belong to whoever does them. @throws 400 `messaging.not_watchable` */
export const checkWatchable = (patterns: readonly string[]): void => {
  const wrong = patterns.find((pattern) => !watchPattern.test(pattern));
  if (wrong !== undefined || patterns.length === 0) {
    throw new ServiceError(
      400,
      'messaging.not_watchable',
      `Only events can be watched, and "${wrong ?? ''}" is not a pattern of event subjects`,
    );
  }
};
