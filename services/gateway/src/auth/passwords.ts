import { hash, verify } from '@node-rs/argon2';

/** argon2id with OWASP's parameters (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane. It runs off the event loop. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const hashPassword = (password: string): Promise<string> => hash(password, parameters);

/** Of no password: checked when there is no such user, so that the time of an answer does not tell who exists. */
const nobody = hashPassword('nobody has this password');

/** @param stored undefined for an unknown user; takes as long then */
export const passwordMatches = async (stored: string | undefined, password: string): Promise<boolean> => {
  const matches = await verify(stored ?? (await nobody), password);
  return stored !== undefined && matches;
};
