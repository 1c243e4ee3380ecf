const dayMs = 86_400_000;

export const toDate = (time: number): string => new Date(time).toISOString().slice(0, 10);
export const toTime = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** Easter Sunday (Meeus, Jones and Butcher's algorithm for the Gregorian calendar). */
const easterSunday = (year: number) => {
  const [century, ofCentury, golden] = [Math.floor(year / 100), year % 100, year % 19];
  const correction = Math.floor((8 * century + 13) / 25);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7;
  const shift = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const month = Math.floor((epact + weekday - 7 * shift + 114) / 31);
  const day = ((epact + weekday - 7 * shift + 114) % 31) + 1;
  return Date.UTC(year, month - 1, day);
};

/** A day that the files list: with a rate, or as a holiday without one. */
export interface ListedDay {
  readonly date: string;
  readonly open: boolean;
}

/**
 * The days from `first` to `last` that the files list, by the TARGET calendar (ECB, since 2002: closed at weekends, on 1 January, Good
 * Friday, Easter Monday, 1 May, 25 and 26 December). The ECB lists some holidays with an empty value and leaves others out; here
 * those of Easter are listed.
 */
export const listedDays = (first: string, last: string): ListedDay[] => {
  const listed: ListedDay[] = [];
  let easter = { year: 0, time: 0 };
  for (let time = toTime(first), end = toTime(last); time <= end; time += dayMs) {
    const weekday = (time / dayMs + 4) % 7;
    if (weekday === 0 || weekday === 6) continue;
    const date = toDate(time);
    if (closed.has(date.slice(5))) continue;
    const year = Number(date.slice(0, 4));
    if (easter.year !== year) easter = { year, time: easterSunday(year) };
    const fromEaster = (time - easter.time) / dayMs;
    listed.push({ date, open: fromEaster !== -2 && fromEaster !== 1 });
  }
  return listed;
};

const closed = new Set(['01-01', '05-01', '12-25', '12-26']);
