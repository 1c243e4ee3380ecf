import { readFileSync } from 'node:fs';
import type { Environment } from './environment.ts';
import type { Variable } from './variable.ts';

/** The text that a name was given, and what to call it in a message. */
export interface Given {
  readonly text: string;
  readonly shown: string;
}

/** What is wrong with how a variable was given, as one line. */
export class WronglyGiven extends Error {
  override readonly name = 'WronglyGiven';
}

/**
 * What the environment gives for a name; for a secret also what is in the file that `NAME_FILE` names, without the white space around it, so
 * that the secret itself stands in no list of processes and in no description of a container.
 *
 * @returns undefined for what is not set, or empty
 * @throws WronglyGiven when both are set, or the file cannot be read
 */
export const findGiven = (variable: Variable, name: string, environment: Environment): Given | undefined => {
  const text = environment[name] || undefined;
  const path = variable.secret ? environment[`${name}_FILE`] || undefined : undefined;
  if (path !== undefined) {
    if (text !== undefined) throw new WronglyGiven(`${name} and ${name}_FILE are both set: expected one of them`);
    return { text: readSecret(`${name}_FILE`, path), shown: `${name}_FILE=${path}: its content is wrong` };
  }
  return text === undefined ? undefined : { text, shown: `${name}=${variable.secret ? '(hidden)' : text}` };
};

const readSecret = (name: string, path: string) => {
  let content: string;
  try {
    content = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new WronglyGiven(`${name}=${path}: expected a file that can be read (${(error as Error).message})`);
  }
  if (content === '') throw new WronglyGiven(`${name}=${path}: expected a file with a secret, not an empty one`);
  return content;
};
