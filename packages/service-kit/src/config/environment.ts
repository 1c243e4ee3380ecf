import type { Static, TObject } from 'typebox';
import { Value } from 'typebox/value';
import { findGiven, WronglyGiven } from './given.ts';
import { expectationOf, readValue, type Variable } from './variable.ts';

/** A start that cannot go on because of how it was configured: shown as one line, without a stack. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** The environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Turns the environment into a frozen configuration. An empty variable counts as not set; numbers and booleans
 * (`true|false|1|0|yes|no|on|off`) are read from their text, secrets also from the file that `NAME_FILE` names.
 *
 * @throws ConfigurationError with one line for each wrong variable: its name, its value and what was expected
 */
export const readConfig = <Schema extends TObject>(
  schema: Schema,
  environment: Environment,
): Readonly<Static<Schema>> => {
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(schema.properties) as [string, Variable][]) {
    try {
      const given =
        findGiven(variable, name, environment) ??
        (variable.alias === undefined ? undefined : findGiven(variable, variable.alias, environment));
      if (given === undefined) {
        if (variable.default !== undefined) config[name] = variable.default;
        else if (schema.required?.includes(name)) {
          throw new WronglyGiven(`${name} is not set: expected ${expectationOf(variable)}`);
        }
        continue;
      }
      const value = readValue(variable, given.text);
      if (!Value.Check(variable, value)) {
        throw new WronglyGiven(`${given.shown}: expected ${expectationOf(variable)}`);
      }
      config[name] = value;
    } catch (error) {
      if (!(error instanceof WronglyGiven)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  return Object.freeze(config) as Readonly<Static<Schema>>;
};
