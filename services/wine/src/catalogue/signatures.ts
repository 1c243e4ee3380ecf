import type { WineSeriesId } from '@vindima/contracts';

type Kind = 'production' | 'commercialization' | 'processing';

/** Sections that only one kind of file has, and prefixes of its controls; folded. */
export const sectionSignatures: Readonly<Record<Kind, { sections: readonly string[]; prefixes: readonly string[] }>> = {
  production: { sections: ['vinho fino de mesa (vinifera)', 'suco', 'derivados'], prefixes: ['vv', 'de'] },
  commercialization: {
    sections: [
      'vinho frizante',
      'vinho organico',
      'vinho especial',
      'espumantes',
      'suco de uvas',
      'suco de uvas concentrado',
      'outros produtos comercializados',
    ],
    prefixes: ['ve', 'es', 'ou'],
  },
  processing: { sections: ['tintas', 'brancas e rosadas', 'brancas'], prefixes: ['ti', 'br'] },
};

/** The files of grapes have the same sections; these cultivars stand in one of them alone. Folded. */
export const cultivarSignatures: Readonly<Partial<Record<WineSeriesId, readonly string[]>>> = {
  'processing-viniferas': ['cabernet sauvignon', 'merlot', 'chardonnay', 'tannat', 'pinot noir'],
  'processing-americanas': ['isabel', 'bordo', 'concord', 'niagara branca', 'ives'],
  'processing-mesa': ['alphonse lavallee', 'patricia', 'italia', 'rubi', 'dona zila'],
};

export const kindOfSeries = (id: WineSeriesId): Kind | undefined =>
  id === 'production' || id === 'commercialization' ? id : id.startsWith('processing-') ? 'processing' : undefined;
