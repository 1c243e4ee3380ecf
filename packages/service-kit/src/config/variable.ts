import { type TSchema, Type } from 'typebox';
import { describeQuantity, type Quantity, readQuantity, showQuantity } from './quantity.ts';

/** Keywords of ours on the schema of a variable. */
export interface VariableOptions {
  readonly description?: string;
  /** Never shown or logged; `NAME_FILE` may name a file that holds it. */
  readonly secret?: boolean;
  /** Another name that is read, without a word, when the variable itself is not set: that of a program that Vindima replaces. */
  readonly alias?: string;
  /** Its name in an earlier version, still read, with a notice. */
  readonly formerly?: string;
  /** The unit of a plain number under the former name, where it is another one. */
  readonly formerUnit?: string;
  /** Kubernetes sets a variable of this name to an address (`tcp://10.0.0.1:8101`), which is not meant for us. */
  readonly serviceLink?: boolean;
  /** How its text is read: as a size in bytes or a duration in milliseconds. */
  readonly quantity?: Quantity;
}

/** A secret: like a string, but its value appears in no message. */
export const Secret = (options: VariableOptions = {}) => Type.String({ ...options, secret: true, minLength: 1 });

/** The schema of a variable, as far as reading it goes. */
export type Variable = TSchema &
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

/** The value that a text stands for; the text itself where it is none of the variable's type. */
export const readValue = (variable: Variable, text: string): unknown => {
  if (variable.quantity !== undefined) return readQuantity(variable.quantity, text) ?? text;
  if (variable.type === 'boolean') return booleans[text.toLowerCase()] ?? text;
  if (variable.type === 'integer' || variable.type === 'number') {
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
  }
  return text;
};

/** The value of a text that was given under the variable's former name. */
export const formerValue = (variable: Variable, text: string): unknown =>
  variable.formerUnit !== undefined && /^[\d.]+$/.test(text.trim())
    ? readValue(variable, `${text.trim()}${variable.formerUnit}`)
    : readValue(variable, text);

/** What a variable may be, for a message. */
export const expectationOf = (variable: Variable): string => {
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
