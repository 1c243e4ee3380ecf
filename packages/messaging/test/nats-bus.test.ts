import { canStart } from '@vindima/test-servers';
import { startNatsBroker } from './broker.ts';
import { describeBus } from './contract.ts';

if (await canStart('nats')) describeBus('the bus on NATS JetStream', startNatsBroker);
