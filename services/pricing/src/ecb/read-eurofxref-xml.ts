import type { Collector } from './observation.ts';
import type { ElementReader } from './read-xml.ts';
import { unreadable } from './unreadable.ts';

const namespace = 'http://www.ecb.int/vocabulary/2002-08-01/eurofxref';

/** eurofxref-daily.xml, -hist-90d.xml and -hist.xml: `Cube` > `Cube@time` > `Cube@currency,@rate`. */
export const eurofxrefReader = (collector: Collector): ElementReader => {
  let date: string | undefined;
  let cubes = 0;
  return {
    open(name, attribute, { uri }) {
      if (name !== 'Cube' || uri !== namespace) return;
      cubes++;
      date = attribute('time') ?? date;
      const currency = attribute('currency');
      if (currency === undefined) return;
      if (date === undefined) throw unreadable(`its rate for ${currency.slice(0, 40)} has no date`);
      collector.add(currency, date, attribute('rate') ?? '');
    },
    close(name) {
      if (name === 'Envelope' && cubes === 0) throw unreadable('it is an XML envelope without rates');
    },
  };
};
