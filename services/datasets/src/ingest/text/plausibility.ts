/**
 * How much a text looks like words of some language, from about -1 to 1; undefined if it has control characters, which text
 * has not. Judged are the characters beyond ASCII, by their neighbours: a small letter among small letters is usual, a
 * capital in the middle of a word, a sign inside a word or letters of two scripts in one word are what a wrong decoding makes.
 */
export const plausibility = (text: string): number | undefined => {
  if (controls.test(text.replaceAll('\u001a', ''))) return undefined;
  let sum = 0;
  let count = 0;
  for (const word of text.match(words) ?? []) {
    if (!beyondAscii.test(word)) continue;
    const letters = [...word];
    letters.forEach((letter, index) => {
      if (letter <= '\u007f') return;
      count += 1;
      sum += judge(letter, letters[index - 1], letters[index + 1]);
    });
    if (isMixed(word) || isAccentsOnly(word)) sum -= letters.length;
  }
  return count === 0 ? 0 : sum / count;
};

// Control characters but white space, and the SUB that ends files of DOS.
const controls = /(?!\s|\p{Cf})\p{Cc}/u;
const beyondAscii = /\P{ASCII}/u;
const words = /[^\s,;|"<>()]+/g;

// The characters that make most of running text in their script.
const frequent =
  /[áàâãäçéèêëíîïñóôõöúûüåøæßąćęłńóśźżčěřšůžýőűășțğışоеаинтсрвлкмдпуяыьгзбчйαεοιτνσηρκλάίόέθαאוילהמרהשןاليمنتروبدहनकाีกนรอาง]/iu;
const commonSigns = /[–—‘’“”«»€£°º²³½%…·•©®™¿¡§×¹ª№]/u;
const kana = /[\u3040-\u30ff]/;
const ideograph = /[\u4e00-\u9fff]/;
const hangul = /[\uac00-\ud7af]/;
const rare = /[\uff61-\uff9f\ue000-\uf8ff\u3400-\u4dbf\u2500-\u259f]/;

const judge = (letter: string, before: string | undefined, after: string | undefined): number => {
  if (rare.test(letter)) return -1;
  if (kana.test(letter)) return 1;
  if (hangul.test(letter)) return commonSyllables.has(letter) ? 0.9 : 0.3;
  // Ideographs beside small Latin letters are two bytes of something else.
  if (ideograph.test(letter))
    return /[a-z]/i.test(before ?? '') || /[a-z]/i.test(after ?? '') ? -0.8 : commonIdeographs.has(letter) ? 1 : 0.45;
  if (/\p{Ll}/u.test(letter)) return small(letter, before);
  if (/\p{Lu}/u.test(letter)) return capital(letter, before, after);
  if (/[\p{Lo}\p{Mn}\p{Mc}]/u.test(letter)) return /[a-z]/i.test((before ?? '') + (after ?? '')) ? -0.8 : 0.6;
  const inside = isLetter(before) && isLetter(after);
  if (commonSigns.test(letter))
    return inside && !/[’·-]/.test(letter) ? -0.9 : isLetter(after) && !/[“‘«¿¡€£§№°–—]/u.test(letter) ? -0.5 : 0.3;
  return inside || isLetter(before) || isLetter(after) ? -1 : -0.3;
};

const small = (letter: string, before: string | undefined): number => {
  const usual = frequent.test(letter) ? 1 : 0.3;
  if (before === undefined) return usual * 0.8;
  // A small letter behind a capital that is not the word's first one.
  return /\p{Lu}/u.test(before) ? usual * 0.6 : usual;
};

const capital = (letter: string, before: string | undefined, after: string | undefined): number => {
  const usual = frequent.test(letter) ? 0.8 : 0.3;
  if (before !== undefined && /\p{Ll}/u.test(before)) return -1;
  if (before === undefined && after === undefined) return 0.1;
  if (before === undefined && after !== undefined && /\p{Ll}/u.test(after)) return usual + 0.1;
  return before !== undefined && /\p{Lu}/u.test(before) ? usual * 0.7 : usual * 0.6;
};

const isLetter = (character: string | undefined): boolean => character !== undefined && /\p{L}/u.test(character);

/** Words in Latin letters have some without an accent. */
const isAccentsOnly = (word: string): boolean =>
  /^[^a-z]{3,}$/i.test(word) && (word.match(/\p{Script=Latin}/gu)?.length ?? 0) >= 3;

const scripts = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Thai}/u,
];
const isMixed = (word: string): boolean => scripts.filter((script) => script.test(word)).length > 1;

const commonIdeographs: ReadonlySet<string> = new Set(
  '的一是不了在人有我他这这個们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运中文日本語東京点数区分処理件名商品番号氏名住所電話県市町村國臺灣價格數量單位產品編號姓名城市地址價時間'.split(
    '',
  ),
);

const commonSyllables: ReadonlySet<string> = new Set(
  '가각간갈감강개거건게격경계고공과관광교구국군권그금급기김나남내너노녀년는니다단당대도동되두들등따라락래량러려로록론료류르를름리마만말매면명모목무문물미민바박반발방배백번법별보복본부북분불비사산상새색생서석선설성세소속송수순술스습시식신실심아안않알야약양어언업에여역연열영예오온와완왕외요용우운울원월위유육은을음의이인일임입있자작장재저적전점정제조종주준중증지직진질집차참창채처천철청체초총최추출충취치카코크타태터토통투트특파판평포표품프하학한할합항해행향현형호화확환활황회획효후훈'.split(
    '',
  ),
);
