import type { Static, TObject } from 'typebox';
import { Value } from 'typebox/value';
import { findGiven, type Given, WronglyGiven } from './given.ts';
import { findNearMisses } from './near-misses.ts';
import { expectationOf, formerValue, readValue, type Variable } from './variable.ts';

/** A start that cannot go on because of how it was configured: shown as one line, without a stack. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** The environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A configuration, and what its author should know about how it was given. */
export interface Variables<Config> {
  readonly config: Readonly<Config>;
  /** Names that have changed, names that nearly are ones: a sentence each. */
  readonly notices: readonly string[];
}

/**
 * Turns the environment into a frozen configuration. An empty variable counts as not set; numbers and booleans
 * (`true|false|1|0|yes|no|on|off`) are read from their text, secrets also from the file that `NAME_FILE` names.
 *
 * @throws ConfigurationError with one line for each wrong variable: its name, its value and what was expected
 */
export const readVariables = <Schema extends TObject>(
  schema: Schema,
  environment: Environment,
): Variables<Static<Schema>> => {
  const problems: string[] = [];
  const notices: string[] = [];
  const renamed = new Map<string, string[]>();
  const config: Record<string, unknown> = {};
  const variables = Object.entries(schema.properties) as [string, Variable][];
  for (const [name, variable] of variables) {
    try {
      const { value, former, notice } = readOne(name, variable, environment);
      if (value !== undefined) config[name] = value;
      else if (schema.required?.includes(name)) {
        throw new WronglyGiven(`${name} is not set: expected ${expectationOf(variable)}`);
      }
      if (notice !== undefined) notices.push(notice);
      if (former !== undefined) renamed.set(former, [...(renamed.get(former) ?? []), name]);
    } catch (error) {
      if (!(error instanceof WronglyGiven)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  for (const [former, names] of renamed)
    notices.push(`${former} is called ${names.join(' and ')} now: please rename it`);
  const set = Object.keys(environment).filter((name) => environment[name]);
  for (const [name, nearest] of findNearMisses(new Set(variables.flatMap(namesOf)), set)) {
    notices.push(`${name} is set, but nothing reads it: is ${nearest} meant?`);
  }
  return { config: Object.freeze(config) as Readonly<Static<Schema>>, notices };
};

/** As `readVariables`, for those who have nobody to tell what it noticed. */
export const readConfig = <Schema extends TObject>(
  schema: Schema,
  environment: Environment,
): Readonly<Static<Schema>> => readVariables(schema, environment).config;

/**
 * The environment with some variables set anew, or not at all: neither a file nor a former name says otherwise then.
 */
export const withVariables = (environment: Environment, changes: Environment): Environment => ({
  ...environment,
  ...Object.fromEntries(Object.keys(changes).map((name) => [`${name}_FILE`, undefined])),
  ...changes,
});

interface Read {
  readonly value?: unknown;
  /** The name of 0.1.0 that was used. */
  readonly former?: string;
  readonly notice?: string;
}

const readOne = (name: string, variable: Variable, environment: Environment): Read => {
  const given = findGiven(variable, name, environment);
  if (given !== undefined && variable.serviceLink && /^(tcp|udp|sctp):\/\//.test(given.text)) {
    return {
      value: variable.default,
      notice: `${given.shown} is not read: it looks like what Kubernetes sets for a service of that name`,
    };
  }
  const value = given === undefined ? undefined : check(variable, given, readValue(variable, given.text));
  const former = variable.formerly === undefined ? undefined : findGiven(variable, variable.formerly, environment);
  if (former !== undefined && variable.formerly !== undefined) {
    const old = check(variable, former, formerValue(variable, former.text));
    if (given !== undefined && value !== old) {
      throw new WronglyGiven(
        `${name} and ${variable.formerly}, its former name, are both set and differ: expected ${name} alone`,
      );
    }
    return { value: old, former: variable.formerly };
  }
  if (value !== undefined) return { value };
  const alias = variable.alias === undefined ? undefined : findGiven(variable, variable.alias, environment);
  if (alias !== undefined) return { value: check(variable, alias, readValue(variable, alias.text)) };
  return variable.default === undefined ? {} : { value: variable.default };
};

const check = (variable: Variable, given: Given, value: unknown): unknown => {
  if (Value.Check(variable, value)) return value;
  throw new WronglyGiven(`${given.shown}: expected ${expectationOf(variable)}`);
};

/** Every name that a variable is read from. */
const namesOf = ([name, { secret, alias, formerly }]: [string, Variable]): string[] =>
  [name, alias, formerly].flatMap((known) => (known === undefined ? [] : secret ? [known, `${known}_FILE`] : [known]));
