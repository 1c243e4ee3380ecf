/** Where people and programs outside reach the platform: what `PUBLIC_URL` says, or wherever it listens. */
export interface PublicPlace {
  /** Without a slash at its end; empty where nobody has said it. */
  readonly url: string;
  /** The path below which a proxy serves the platform: `/vindima`, or empty. */
  readonly base: string;
  /** Whether what is kept in a browser (cookies) may be sent over TLS alone. */
  readonly secure: boolean;
}

export const publicPlace = (url: string | undefined): PublicPlace => {
  if (url === undefined) return { url: '', base: '', secure: false };
  const { protocol, pathname } = new URL(url);
  return { url: url.replace(/\/+$/, ''), base: pathname.replace(/\/+$/, ''), secure: protocol === 'https:' };
};

/** A path without the public one before it, for proxies that leave that on. */
export const withoutBase = (url: string, base: string): string => {
  if (base === '' || !url.startsWith(base)) return url;
  const rest = url.slice(base.length);
  return rest === '' || rest.startsWith('?') ? `/${rest}` : rest.startsWith('/') ? rest : url;
};

/** A header whose value leads to a path of the platform (`Location`, `Link`), as seen from outside. */
export const asSeenOutside = <Value>(name: string, value: Value, base: string): Value | string => {
  if (base === '' || typeof value !== 'string') return value;
  if (name === 'location' && /^\/(?!\/)/.test(value)) return `${base}${value}`;
  return name === 'link' ? value.replaceAll(/<\/(?!\/)/g, `<${base}/`) : value;
};
