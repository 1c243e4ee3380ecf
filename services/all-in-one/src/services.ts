import { datasets } from '@vindima/datasets';
import { gateway } from '@vindima/gateway';
import { images } from '@vindima/images';
import { inference } from '@vindima/inference';
import { pricing } from '@vindima/pricing';
import { sandbox } from '@vindima/sandbox';
import type { Service } from '@vindima/service-kit';
import { wine } from '@vindima/wine';

/** The stand-ins for public APIs; they start first, and only when nobody asked for the live ones. */
export const standIns: Service = sandbox;

/** The platform's services, in the order in which they start; the gateway last, as it is told where the others are. */
export const services: readonly Service[] = [wine, images, datasets, inference, pricing, gateway];
