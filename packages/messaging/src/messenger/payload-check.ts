import type { MessageDefinition } from '@vindima/contracts';
import { Compile } from 'typebox/compile';

type Check = (payload: unknown) => string | undefined;
const checks = new WeakMap<MessageDefinition, Check>();
const shown = 3;

const compile = (definition: MessageDefinition): Check => {
  const validator = Compile(definition.payload);
  return (payload) => {
    if (validator.Check(payload)) return undefined;
    const problems = validator
      .Errors(payload)
      // Says once more, of the whole object, what is said of each property that is not known.
      .filter(({ keyword }) => keyword !== 'additionalProperties')
      .slice(0, shown)
      .map(
        ({ keyword, instancePath, message }) =>
          `${instancePath || 'the payload'} ${keyword === 'boolean' ? 'is not known' : message}`,
      );
    return `does not fit ${definition.type}: ${problems.join('; ')}`;
  };
};

/** @returns undefined when the payload fits the definition's schema, else what is wrong with it. */
export const payloadProblem = (definition: MessageDefinition, payload: unknown): string | undefined => {
  const check = checks.get(definition) ?? compile(definition);
  checks.set(definition, check);
  return check(payload);
};
