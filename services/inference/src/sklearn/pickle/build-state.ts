import { invalidPickle } from '../errors.ts';
import { setArrayState } from '../numpy/make-array.ts';
import { setTypeState } from '../numpy/make-type.ts';
import { isArray, isObject, isType, type Value } from './values.ts';

/** Gives a value its state: what `__setstate__` or the attributes of the object would have been. */
export function buildState(target: Value, state: Value): void {
  if (isArray(target)) setArrayState(target, state);
  else if (isType(target)) setTypeState(target, state);
  else if (isObject(target)) {
    const [attributes, slots] = Array.isArray(state) && state.length === 2 ? state : [state];
    if (isAttributes(attributes) && (slots === undefined || slots === null || isAttributes(slots))) {
      for (const part of [attributes, slots]) {
        if (part instanceof Map) for (const [name, value] of part) target.attributes.set(name, value);
      }
    } else target.state = state;
  } else if (!(target instanceof Map)) throw invalidPickle('it gives a state to what has none');
}

function isAttributes(value: Value | undefined): boolean {
  return value === null || value instanceof Map;
}
