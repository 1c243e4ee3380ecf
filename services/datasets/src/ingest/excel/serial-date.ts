const millisecondsPerDay = 86_400_000;
const epoch1904 = Date.UTC(1904, 0, 1);
// Day 1 is 1 January 1900; day 60 is a 29 February that 1900 did not have, so what follows counts one less.
const epoch1900 = Date.UTC(1899, 11, 31);
const lastSerial = 2_958_466;

/**
 * The instant that a serial number of Excel stands for, ISO 8601 without zone, in milliseconds.
 * @returns undefined for numbers outside the calendar of Excel (before day 0, after 9999, and 29 February 1900)
 */
export const serialToIso = (serial: number, date1904: boolean): string | undefined => {
  if (!(serial >= 0 && serial < lastSerial)) return undefined;
  if (!date1904 && Math.floor(serial) === 60) return undefined;
  const days = date1904 || serial < 60 ? serial : serial - 1;
  const milliseconds = Math.round(days * millisecondsPerDay);
  return new Date((date1904 ? epoch1904 : epoch1900) + milliseconds).toISOString().slice(0, -1);
};

/** The serial number of a date or time in the 1900 system; undefined before March 1900, where systems disagree. */
export const isoToSerial = (iso: string): number | undefined => {
  const instant = Date.parse(/T|\d:/.test(iso) ? `${iso.replace(' ', 'T')}Z` : `${iso}T00:00:00Z`);
  const serial = (instant - epoch1900) / millisecondsPerDay + 1;
  return serial >= 61 && serial < lastSerial ? serial : undefined;
};
