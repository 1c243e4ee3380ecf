import { ConfigurationError, secretValues } from '@vindima/service-kit';
import type { Users } from './users.ts';

/** As much as signing with HS256 asks for (RFC 7518, 3.2). */
const leastBytes = 32;
const admin = 'admin';

interface Secrets {
  readonly AUTH_SECRET?: string | undefined;
  readonly INTERNAL_TOKEN?: string | undefined;
  readonly ADMIN_PASSWORD?: string | undefined;
}

/**
 * Looks at the secrets of a start. A platform that starts for the first time gets none that can be guessed; one that has been running goes on, and
 * is told.
 *
 * @param warn is told what to change
 * @throws ConfigurationError at the first start
 */
export const checkSecrets = async (config: Secrets, users: Users, warn: (text: string) => void): Promise<void> => {
  const isFirst = await users.isEmpty();
  for (const name of ['AUTH_SECRET', 'INTERNAL_TOKEN'] as const) {
    const [current] = secretValues(config[name]);
    if (current === undefined || Buffer.byteLength(current) >= leastBytes) continue;
    const text = `${name}=(hidden): expected at least ${leastBytes} bytes that nobody can guess, such as \`openssl rand -base64 48\` prints`;
    if (isFirst) throw new ConfigurationError(text);
    warn(`${text}; put the new value before the old one (${name}=new,old), and take the old one out a day later`);
  }
  const { ADMIN_PASSWORD: password } = config;
  if (password === undefined) return;
  if (isFirst) {
    if (password.length >= 10 && password.length <= 200) return;
    throw new ConfigurationError('ADMIN_PASSWORD=(hidden): expected 10 to 200 characters, as of every new password');
  }
  if ((await users.authenticate(admin, password)) !== undefined) return;
  warn(
    `ADMIN_PASSWORD is not the password of ${admin}: it counts at the first start alone. To set another, run npm run admin -- reset-password ${admin} (in Compose: docker compose exec gateway node services/gateway/src/admin.ts reset-password ${admin}), or take the variable out`,
  );
};
