/** User and password of an `Authorization: Basic` header (RFC 7617); undefined where there is none. */
export const readBasicAuth = (header: string | undefined): { user: string; password: string } | undefined => {
  const [, encoded] = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
};
