import pino, { type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type { Logger } from 'pino';

const secrets = [
  'authorization',
  'cookie',
  'password',
  'token',
  'access_token',
  'refresh_token',
  'secret',
  'apiKey',
  'privateKey',
];

/** JSON lines on standard output, or readable ones on a terminal; credentials are never written. */
export const createLogger = (options: { name: string; level: string; destination?: DestinationStream }): Logger => {
  const destination =
    options.destination ?? (process.stdout.isTTY ? pretty({ ignore: 'pid,hostname', sync: true }) : standardOutput());
  return pino(
    {
      name: options.name,
      level: options.level,
      redact: {
        paths: [...secrets, ...secrets.map((name) => `*.${name}`), 'headers.authorization'],
        censor: '(hidden)',
      },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  );
};

/** Standard output that may be a file on a full disk: lines are lost then, neither the process nor its memory. */
const standardOutput = () =>
  pino.destination({ dest: process.stdout.fd, maxLength: 4 * 1024 * 1024 }).on('error', () => {});
