/**
 * Puts image addresses together again. The store keeps them joined by commas, so edited rows come back as fragments of a
 * JSON list: `["[\"https://a/1.jpg\"", "\"https://a/2.jpg\"]"]`.
 *
 * @returns the addresses, http and https only, at most 100
 */
export const readImages = (value: unknown): string[] => {
  const parts = Array.isArray(value) ? value : [value];
  return parts
    .filter((part) => typeof part === 'string')
    .flatMap((part) => part.split(/,(?=\s*["[]*https?:)/))
    .map((part) => part.replace(/^[\s"'[\]\\]+|[\s"'[\]\\]+$/g, ''))
    .filter((part) => part.length <= 2000 && URL.canParse(part) && /^https?:/.test(part))
    .slice(0, 100);
};
