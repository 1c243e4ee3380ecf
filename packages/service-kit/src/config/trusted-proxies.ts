import { isIP } from 'node:net';
import { ConfigurationError } from './environment.ts';

/** @throws ConfigurationError naming the part of a list of addresses and networks that is none of them */
export const checkTrustedProxies = (list: string | undefined): void => {
  const wrong = (list ?? '')
    .split(',')
    .map((part) => part.trim())
    .find((part, _, { length }) => !(part === '' && length === 1) && !isNetwork(part));
  if (wrong === undefined) return;
  throw new ConfigurationError(
    `TRUSTED_PROXIES=${list}: expected addresses and networks (10.0.0.1, 192.168.0.0/16, fd00::/8), and "${wrong}" is none`,
  );
};

const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128))
  );
};
