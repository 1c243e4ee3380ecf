import { type Static, type TObject, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { describeQuantity, type Quantity, readQuantity, showQuantity } from './quantity.ts';

/** A start that cannot go on because of how it was configured: shown as one line, without a stack. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Keywords of ours on the schema of a variable. */
export interface VariableOptions {
  readonly description?: string;
  /** Never shown or logged. */
  readonly secret?: boolean;
  /** Another name that is read when the variable itself is not set. */
  readonly alias?: string;
  /** How its text is read: as a size in bytes or a duration in milliseconds. */
  readonly quantity?: Quantity;
}

/** A secret: like a string, but its value appears in no message. */
export const Secret = (options: VariableOptions = {}) => Type.String({ ...options, secret: true, minLength: 1 });

/** The environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Turns the environment into a frozen configuration. An empty variable counts as not set; numbers and booleans
 * (`true|false|1|0|yes|no|on|off`) are read from their text.
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
    const text =
      environment[name] || (variable.alias === undefined ? undefined : environment[variable.alias]) || undefined;
    if (text === undefined) {
      if (variable.default !== undefined) config[name] = variable.default;
      else if (schema.required?.includes(name)) problems.push(`${name} is not set: expected ${expectation(variable)}`);
      continue;
    }
    const value = convert(variable, text);
    if (Value.Check(variable, value)) config[name] = value;
    else problems.push(`${name}=${variable.secret ? '(hidden)' : text}: expected ${expectation(variable)}`);
  }
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  return Object.freeze(config) as Readonly<Static<Schema>>;
};

type Variable = TSchema &
  VariableOptions & {
    readonly type?: string;
    readonly enum?: readonly unknown[];
    readonly default?: unknown;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly pattern?: string;
    readonly format?: string;
  };

const booleans: Record<string, boolean> = {
  true: true,
  '1': true,
  yes: true,
  on: true,
  false: false,
  '0': false,
  no: false,
  off: false,
};

const convert = (variable: Variable, text: string): unknown => {
  if (variable.quantity !== undefined) return readQuantity(variable.quantity, text) ?? text;
  if (variable.type === 'boolean') return booleans[text.toLowerCase()] ?? text;
  if (variable.type === 'integer' || variable.type === 'number') {
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
  }
  return text;
};

const expectation = (variable: Variable): string => {
  const what =
    variable.enum !== undefined
      ? `one of ${variable.enum.join(', ')}`
      : variable.quantity !== undefined
        ? `${describeQuantity(variable.quantity)}${range(variable)}`
        : variable.type === 'boolean'
          ? 'true or false'
          : variable.type === 'integer' || variable.type === 'number'
            ? `${variable.type === 'integer' ? 'a whole number' : 'a number'}${range(variable)}`
            : variable.pattern !== undefined
              ? `text like ${variable.pattern}`
              : (variable.format ?? 'text');
  return variable.description === undefined ? what : `${what} (${variable.description})`;
};

const range = ({ minimum: least, maximum: most, quantity }: Variable) => {
  const show = (value: number) => (quantity === undefined ? String(value) : showQuantity(quantity, value));
  const minimum = least === undefined ? undefined : show(least);
  const maximum = most === undefined ? undefined : show(most);
  return minimum !== undefined && maximum !== undefined
    ? ` from ${minimum} to ${maximum}`
    : minimum !== undefined
      ? ` of at least ${minimum}`
      : maximum !== undefined
        ? ` of at most ${maximum}`
        : '';
};
