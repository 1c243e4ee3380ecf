const patienceMs = 1500;

/**
 * Tells a person what a start is waiting for, as silence looks like a failure.
 *
 * @param tell undefined for what is embedded: there is nobody to wait for
 */
export const whileWaiting = async <Result>(
  tell: ((sentence: string) => void) | undefined,
  what: string,
  work: Promise<Result>,
): Promise<Result> => {
  const timer = setTimeout(() => tell?.(`waiting for ${what} ...`), patienceMs);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
};

/** A server's address without what may be secret in it. */
export const shownAddress = (url: string): string =>
  url
    .split(',')
    .map((part) =>
      URL.canParse(part.trim()) ? new URL(part.trim()).host || part.trim().replace(/:.*/s, '') : 'its address',
    )
    .join(', ');
