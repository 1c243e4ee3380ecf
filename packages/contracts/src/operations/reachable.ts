import { type AnyOperation, operations, operationsOf } from './registry.ts';

type ServiceWithOperations = keyof typeof operations;

/** The operations that are reached at the gateway, by service: its own, and those of the services whose place it does not take. */
export const reachableOperations = (): Readonly<Record<ServiceWithOperations, readonly AnyOperation[]>> => {
  const own = operationsOf('gateway');
  const isTaken = ({ method, path }: AnyOperation) =>
    own.some((other) => other.method === method && other.path === path);
  const services = (Object.keys(operations) as ServiceWithOperations[]).map((service) => [
    service,
    service === 'gateway' ? own : operationsOf(service).filter((operation) => !isTaken(operation)),
  ]);
  return Object.fromEntries(services);
};
