/** Makes texts comparable: without case, accents and repeated or outer blanks. */
export const fold = (text: string) =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();

/** @returns whether a text has letters and all of them are capitals. */
export const isUpperCase = (text: string) => /\p{L}/u.test(text) && text === text.toUpperCase();
