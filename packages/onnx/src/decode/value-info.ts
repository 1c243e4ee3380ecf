import { type ElementType, elementTypeOf } from '../element-types.ts';
import type { Dimension, ValueInfo, ValueType } from '../model.ts';
import { readFields, type Scope } from './scope.ts';

/** Reads `ValueInfoProto`: the name and type of a value. */
export function readValueInfo(scope: Scope): ValueInfo {
  let name = '';
  let type: ValueType = { kind: 'unknown' };
  readFields(scope, (field) => {
    if (field.number === 1) name = field.text();
    else if (field.number === 2) type = readType(field.message());
  });
  return { name, type };
}

function readType(scope: Scope): ValueType {
  let type: ValueType = { kind: 'unknown' };
  readFields(scope, (field) => {
    if (field.number === 1) type = readTensorType(field.message(), 'tensor');
    else if (field.number === 4) type = { kind: 'sequence', element: readElement(field.message()) };
    else if (field.number === 5) type = readMap(field.message());
    else if (field.number === 8) type = readTensorType(field.message(), 'sparse_tensor');
    else if (field.number === 9) type = { kind: 'optional', element: readElement(field.message()) };
  });
  return type;
}

function readTensorType(scope: Scope, kind: 'tensor' | 'sparse_tensor'): ValueType {
  let type: ElementType = 'undefined';
  let shape: readonly Dimension[] | null = null;
  readFields(scope, (field) => {
    if (field.number === 1) type = elementTypeOf(field.small());
    else if (field.number === 2) shape = readShape(field.message());
  });
  return { kind, type, shape };
}

function readShape(scope: Scope): Dimension[] {
  const shape: Dimension[] = [];
  readFields(scope, (field) => {
    if (field.number === 1) shape.push(readDimension(field.message()));
  });
  return shape;
}

/** Some exporters write an unknown size as 0 or less, or as an empty name. */
function readDimension(scope: Scope): Dimension {
  let dimension: Dimension = null;
  readFields(scope, (field) => {
    if (field.number === 1) {
      const size = Number(field.integer());
      dimension = size > 0 ? size : null;
    } else if (field.number === 2) dimension = field.text() || null;
  });
  return dimension;
}

function readElement(scope: Scope): ValueType {
  let element: ValueType = { kind: 'unknown' };
  readFields(scope, (field) => {
    if (field.number === 1) element = readType(field.message());
  });
  return element;
}

function readMap(scope: Scope): ValueType {
  let key: ElementType = 'undefined';
  let value: ValueType = { kind: 'unknown' };
  readFields(scope, (field) => {
    if (field.number === 1) key = elementTypeOf(field.small());
    else if (field.number === 2) value = readType(field.message());
  });
  return { kind: 'map', key, value };
}
