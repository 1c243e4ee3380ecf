import { datasets } from '@vindima/datasets';
import { images } from '@vindima/images';
import { inference } from '@vindima/inference';
import { pricing } from '@vindima/pricing';
import { sandbox } from '@vindima/sandbox';
import type { Service } from '@vindima/service-kit';
import { wine } from '@vindima/wine';

/** The stand-ins for public APIs; they start first, and only when nobody asked for the live ones. */
export const standIns: Service = sandbox;

/** The platform's services behind the gateway, in the order in which they start. */
export const services: readonly Service[] = [wine, images, datasets, inference, pricing];
