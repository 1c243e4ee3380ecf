import { healthOperations } from '../health-operations.ts';
import type { Access } from './define-operation.ts';
import { bodyBytesOf } from './limits.ts';
import { operationIdOf } from './places.ts';
import { reachableOperations } from './reachable.ts';
import type { AnyOperation } from './registry.ts';

const scopeOf = (service: string, { role, scope, service: named, needsLogin }: Access) => {
  if (role === 'public') return '-';
  // A key does no admin's work.
  if (role === 'admin') return needsLogin ? 'login' : 'no-key';
  return `${named ?? service}:${scope}${needsLogin ? '+login' : ''}`;
};

const cellsOf = (operation: AnyOperation): readonly string[] => {
  const { method, path, access, service, body } = operation;
  const bytes = body === undefined ? '-' : String(bodyBytesOf(operation));
  return [method, path, access.role, scopeOf(service, access), bytes, operationIdOf(operation)];
};

/** Of the columns; not of what stands in them, so that a new operation changes no other line. */
const widths = [6, 52, 6, 18, 9];

/**
 * What the gateway answers, a line each: method, path, role, scope of a key, the largest body in bytes, operationId. It is committed and
 * compared, so that a changed access is a changed line.
 */
export const operationsList = (): string => {
  const all = [healthOperations('gateway'), reachableOperations()].flatMap((part) => Object.values(part).flat());
  const rows = all.map(cellsOf).sort(([, a = ''], [, b = '']) => (a < b ? -1 : a > b ? 1 : 0));
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`).join('');
};
