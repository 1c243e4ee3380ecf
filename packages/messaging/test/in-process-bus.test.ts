import { startInProcessBroker } from './broker.ts';
import { describeBus } from './contract.ts';

describeBus('the bus in one process', startInProcessBroker);
