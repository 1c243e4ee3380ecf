import { madeUpFigure, madeUpPrice } from './figures.ts';
import {
  americanas,
  commercialization,
  countries,
  mesa,
  production,
  type RowText,
  type SectionText,
  semclass,
  viniferas,
} from './structure.ts';

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
const years = range(1970, 2023);
const tradeYears = range(1970, 2024);
type Cell = (file: string, row: RowText, year: number, figure: number) => string;

const render = (delimiter: string, lines: readonly (readonly (string | number)[])[]) =>
  `${lines.map((line) => line.join(delimiter)).join('\n')}\n`;

/** Adds figures as the files write them; marks and blanks count as nothing. */
const sumOf = (cells: readonly string[]): string => {
  const hundredths = cells
    .filter((cell) => /^[\d,]+$/.test(cell))
    .reduce((sum, cell) => sum + Math.round(Number(cell.replace(',', '.')) * 100), 0);
  const fraction = hundredths % 100;
  const whole = String((hundredths - fraction) / 100);
  return fraction === 0 ? whole : `${whole},${String(fraction).padStart(2, '0')}`;
};

/** Sections with their totals; `cell` writes a figure as the real file would. */
const sectionFile = (
  file: string,
  delimiter: string,
  nameLabel: string,
  sections: readonly SectionText[],
  cell: Cell = (_file, _row, _year, figure) => String(figure),
) => {
  const cellsOf = ({ header }: SectionText, row: RowText) =>
    years.map((year) => cell(file, row, year, madeUpFigure(file, `${header.name}/${row.name}`, year)));
  const lines = sections.flatMap((section) => {
    const { header, parts } = section;
    const rows = parts.map((part) => ({ part, cells: cellsOf(section, part) }));
    const totals = years.map((year, index) => {
      const own = cell(file, header, year, 0);
      if (own !== '0') return own;
      // As in the real files, a total that was rounded before it was added up.
      const rounding = header.name === 'VINHO DE MESA' && year === 2022 ? ['1'] : [];
      return sumOf([...rows.map(({ cells }) => cells[index] ?? ''), ...rounding]);
    });
    return [
      [header.id, header.control, header.name, ...(parts.length === 0 ? cellsOf(section, header) : totals)],
      ...rows.map(({ part, cells }) => [part.id, part.control, part.name, ...cells]),
    ];
  });
  return render(delimiter, [['id', 'control', nameLabel, ...years], ...lines]);
};

/** The grape files have no figures for 2019 and 2022, and say so in marks. */
const grapes: Cell = (file, row, year, figure) => {
  if (year === 2019) return 'nd';
  if (year === 2022) return /^BRS (Núbia|Bibiana)/.test(row.name) ? '+' : '*';
  if (year === 2023 && file === 'ProcessaViniferas') {
    if (/^(Jaen|Clairette)/.test(row.name)) return '';
    return figure > 10_000 ? `${figure},${String((figure % 90) + 10)}` : String(figure);
  }
  return String(figure);
};

/** Countries, with quantity (kg) and value (US$) of each year side by side under the same label. */
const tradeFile = (file: string, delimiter: string, skip: number) => {
  const lines = countries(skip).map((row) => [
    row.id,
    row.name,
    ...tradeYears.flatMap((year) => {
      const quantity = madeUpFigure(file, row.name, year);
      if (row.name === 'Bermudas' && year === 1970) return [quantity, ''];
      if (row.name === 'Áustria' && year === 2001) return [770, 0];
      if (row.name === 'Moldávia' && year === 2016) return [0, 43];
      return [quantity, Math.round(quantity * madeUpPrice(file, row.name, year))];
    }),
  ]);
  return render(delimiter, [['Id', 'País', ...tradeYears.flatMap((year) => [year, year])], ...lines]);
};

/**
 * The fifteen files by name: figures made up, format and quirks as published in May 2025.
 */
export const madeUpFiles = (): ReadonlyMap<string, Buffer> => {
  const texts: Record<string, string> = {
    Producao: sectionFile('Producao', ';', 'produto', production),
    ProcessaViniferas: sectionFile('ProcessaViniferas', ';', 'cultivar', viniferas, grapes),
    ProcessaAmericanas: sectionFile('ProcessaAmericanas', '\t', 'cultivar', americanas, grapes),
    ProcessaMesa: sectionFile('ProcessaMesa', '\t', 'cultivar', mesa, grapes),
    ProcessaSemclass: sectionFile('ProcessaSemclass', '\t', 'cultivar', semclass, grapes),
    Comercio: sectionFile('Comercio', ';', 'Produto', commercialization),
    ImpVinhos: tradeFile('ImpVinhos', '\t', 24),
    ImpEspumantes: tradeFile('ImpEspumantes', '\t', 3),
    ImpFrescas: tradeFile('ImpFrescas', '\t', 2),
    ImpPassas: tradeFile('ImpPassas', '\t', 4),
    ImpSuco: tradeFile('ImpSuco', ';', 5),
    ExpVinho: tradeFile('ExpVinho', '\t', 23),
    ExpEspumantes: tradeFile('ExpEspumantes', '\t', 6),
    ExpUva: tradeFile('ExpUva', '\t', 7),
    ExpSuco: tradeFile('ExpSuco', '\t', 8),
  };
  return new Map(Object.entries(texts).map(([name, text]) => [`${name}.csv`, Buffer.from(text)]));
};
