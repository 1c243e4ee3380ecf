import { type AnyOperation, operations, operationsOf } from './registry.ts';

type ServiceWithOperations = keyof typeof operations;

/** Whether the gateway hands the operation of a service on; what it answers itself it does not. */
export const isPassedOn = ({ method, path }: AnyOperation): boolean =>
  !operationsOf('gateway').some((own) => own.method === method && own.path === path);

/** The operations that are reached at the gateway, by service: its own, and those that it hands on. */
export const reachableOperations = (): Readonly<Record<ServiceWithOperations, readonly AnyOperation[]>> => {
  const { gateway: _, ...others } = operations;
  const services = (Object.keys(others) as (keyof typeof others)[]).map((service) => [
    service,
    operationsOf(service).filter(isPassedOn),
  ]);
  return { gateway: operationsOf('gateway'), ...Object.fromEntries(services) };
};
