/** A row of a made-up file: what stands before its figures. */
export interface RowText {
  readonly id: number;
  readonly control: string;
  readonly name: string;
}

/** A section: its header row and the rows below it. The header's figures are the sums of theirs. */
export interface SectionText {
  readonly header: RowText;
  readonly parts: readonly RowText[];
}

const indented = (name: string) => `  ${name}`;

/** Numbers rows from 1 on. `header` is [control, name]; a part without a control gets the prefix and its own name. */
const sections = (
  list: readonly (readonly [
    header: readonly [string, string],
    prefix: string,
    parts: readonly (string | readonly [string, string])[],
  ])[],
): SectionText[] => {
  let id = 0;
  return list.map(([[control, name], prefix, parts]) => {
    id += 1;
    const header = { id, control, name };
    return {
      header,
      parts: parts.map((part) => {
        id += 1;
        return typeof part === 'string'
          ? { id, control: `${prefix}_${part.trim()}`, name: part }
          : { id, control: part[0], name: part[1] };
      }),
    };
  });
};

/** The names are the site's own kinds; the figures are not. Blanks, marks and doubles are where the real files have them. */
export const production = sections([
  [['VINHO DE MESA', 'VINHO DE MESA'], 'vm', ['Tinto', 'Branco', 'Rosado']],
  [['VINHO FINO DE MESA (VINIFERA)', 'VINHO FINO DE MESA (VINIFERA)'], 'vv', ['Tinto', 'Branco', 'Rosado']],
  [
    ['SUCO', 'SUCO'],
    'su',
    [['su_Suco de uva simples', 'Suco de uva integral'], 'Suco de uva concentrado', 'Suco de uva orgânico'],
  ],
  [
    ['DERIVADOS', 'DERIVADOS'],
    'de',
    [
      'Espumante',
      'Espumante moscatel',
      'Mosto simples',
      'Borra líquida',
      'Brandy',
      'Vinagre',
      'Vinho acidificado ',
      'Outros derivados',
    ],
  ],
]);

export const viniferas = sections([
  [
    ['TINTAS', 'TINTAS'],
    'ti',
    [
      'Alicante Bouschet',
      'Cabernet Franc',
      'Cabernet Sauvignon',
      ['ti_ Caladoc', 'Caladoc'],
      'Jaen',
      'Merlot',
      'Pinot Noir',
      'Saperavi ',
      'Tannat',
      'Tinta Roriz ',
    ],
  ],
  [
    ['BRANCASEROSADAS', 'BRANCAS E ROSADAS'],
    'br',
    [
      'Chardonnay',
      'Clairette(1)',
      ['br_Mistura de uvas viníferas', 'Mistura de uvas viníferas branco'],
      ['br_Mistura de uvas viníferas', 'Mistura de uvas viníferas rosado'],
      'Moscato Branco',
      'Riesling Itálico',
      'Viogner ',
    ],
  ],
]);

export const americanas = sections([
  [
    ['TINTAS', 'TINTAS'],
    'ti',
    [
      'Bordo',
      ['ti_BRSCarmen', 'BRS Carmen'],
      'BRS Núbia ',
      'Concord',
      'Cynthiana(1)',
      ['ti_IAC138022', 'IAC 138022'],
      'Isabel',
      ['ti_Seibel2(seibeleto)', 'Seibel 2 (seibeleto)'],
    ],
  ],
  [
    ['BRANCASEROSADAS', 'BRANCAS E ROSADAS'],
    'br',
    ['BRS Bibiana ', 'Goethe', ['br_IAC', 'IAC'], 'Niagara Branca', 'Niagara Rosada', ['br_Outras', 'Outras(2)']],
  ],
]).map((section) => ({
  ...section,
  // As in the real file, one cultivar has an id that belongs to another.
  parts: section.parts.map((part) => (part.name === 'BRS Núbia ' ? { ...part, id: 8 } : part)),
}));

export const mesa = sections([
  [
    ['TINTAS', 'TINTAS'],
    'ti',
    [
      ['ti_ Alphonse Lavallee', ' Alphonse Lavallee'],
      ['ti_ Moscato de Hamburgo', ' Moscato de Hamburgo'],
    ],
  ],
  [
    ['BRANCAS', 'BRANCAS'],
    'br',
    [
      ['br_Italia', ' Italia'],
      ['br_Rubi (Itália, Itália Ro)', ' Rubi (Itália, Itália Ro)'],
    ],
  ],
]);

export const semclass: readonly SectionText[] = [
  { header: { id: 1, control: 'sc', name: 'Sem classificação' }, parts: [] },
];

export const commercialization = sections([
  [['VINHO DE MESA', 'VINHO DE MESA'], 'vm', ['Tinto', 'Rosado', 'Branco'].map(indented)],
  [['VINHO  FINO DE MESA', 'VINHO  FINO DE MESA'], 'vm', ['Tinto', 'Rosado', 'Branco'].map(indented)],
  [['VINHO FRIZANTE', 'VINHO FRIZANTE'], 'vf', []],
  [['VINHO ORGÂNICO', 'VINHO ORGÂNICO'], 'vo', []],
  [['ESPUMANTES ', 'ESPUMANTES '], 'es', [['es_Espumante_Moscatel', '  Espumante  Moscatel'], '  Espumante']],
  [['SUCO DE UVAS', 'SUCO DE UVAS'], 'su', [['su_Suco_Natural', '  Suco Natural Integral'], '  Outros sucos de uvas']],
  [
    ['', 'OUTROS PRODUTOS COMERCIALIZADOS'],
    'ou',
    [
      ['ou_Agrin', '  Agrin (fermentado, acetico misto)'],
      ['ou_Borra_liqwuida', '  Borra líquida'],
      '  Cooler',
      '  Vinho composto',
    ],
  ],
]);

const countryNames = [
  'Africa do Sul',
  'Alemanha',
  'Alemanha, República Democrática',
  'Argentina',
  'Áustria',
  'Bermudas',
  'Brasil',
  'Chile',
  'China',
  'Coreia do Sul, República',
  'Espanha',
  'Estados Unidos',
  'França',
  'Itália',
  'Japão',
  'Moldávia',
  'Países Baixos (Holanda)',
  'Portugal',
  'Rússia,  Federação da',
  'Taiwan (Formosa)',
  'Uruguai',
  'Não consta na tabela',
  'Não declarados',
  'Outros',
];

/** Countries, leaving out every `skip`-th so that no two files have the same. */
export const countries = (skip: number): readonly RowText[] =>
  countryNames
    .filter((_, index) => index % skip !== skip - 1)
    .map((name, index) => ({ id: index + 1, control: '', name }));
