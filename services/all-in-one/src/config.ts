import { StringEnum } from '@vindima/contracts';
import { gatewayBeside } from '@vindima/gateway';
import { CommonConfig, type Service } from '@vindima/service-kit';
import { type Static, Type } from 'typebox';
import { services, standIns } from './services.ts';

const all: readonly Service[] = [standIns, ...services, gatewayBeside(() => [])];

/** Where each service listens; on 127.0.0.1, whatever `HOST` says. */
export const portVariable = ({ name }: Pick<Service, 'name'>) => `${name.toUpperCase()}_PORT` as const;

const ports = Object.fromEntries(
  all.map((service) => [
    portVariable(service),
    Type.Integer({
      default: service.port,
      minimum: 0,
      maximum: 65_535,
      serviceLink: true,
      description: `where ${service.name} listens`,
    }),
  ]),
);

const { HOST: _host, PORT: _port, ...common } = CommonConfig.properties;

/** What the platform itself acts on. */
const OwnConfig = Type.Object({
  ...common,
  AUTH: StringEnum(['required', 'local'], {
    default: 'local',
    description: '`local` accepts calls without credentials from this machine only',
  }),
});
type OwnConfig = Static<typeof OwnConfig>;

/** Every variable of every service, so that all of them are looked at before anything is opened. */
export const PlatformConfig = Type.Object({
  ...Object.assign({}, ...all.map(({ config }) => config.properties)),
  ...ports,
  ...OwnConfig.properties,
});

/** What of the configuration concerns all services; the rest each of them reads for itself. */
export type PlatformConfig = OwnConfig & Record<`${string}_PORT`, number>;
