/** A row of the store's tables, in the shape that it is served in. */
export interface Category {
  readonly id: number;
  readonly name: string;
  readonly slug: string;
  readonly image: string;
  readonly creationAt: string;
  readonly updatedAt: string;
}

export interface Product {
  readonly id: number;
  readonly title: string;
  readonly slug: string;
  readonly price: number;
  readonly description: string;
  readonly categoryId: number;
  readonly images: readonly string[];
  readonly creationAt: string;
  readonly updatedAt: string;
}

const assortment: readonly (readonly [category: string, products: readonly string[]])[] = [
  [
    'Clothes',
    [
      'Linen Shirt',
      'Wool Pullover',
      'Rain Jacket',
      'Denim Trousers',
      'Cotton Scarf',
      'Knitted Cap',
      'Pleated Skirt',
      'Cord Waistcoat',
      'Fleece Hoodie',
      'Striped Socks',
    ],
  ],
  [
    'Electronics',
    [
      'Desk Lamp',
      'Pocket Radio',
      'Travel Charger',
      'Bluetooth Speaker',
      'Card Reader',
      'Kitchen Scale',
      'Alarm Clock',
      'Slide Projector',
      'Game Pad',
      'Web Camera',
    ],
  ],
  [
    'Furniture',
    [
      'Oak Stool',
      'Reading Chair',
      'Wall Shelf',
      'Folding Table',
      'Shoe Cabinet',
      'Garden Bench',
      'Bedside Chest',
      'Umbrella Stand',
      'Coat Rack',
      'Writing Desk',
    ],
  ],
  [
    'Shoes',
    [
      'Trail Runners',
      'Canvas Sneakers',
      'Leather Boots',
      'Suede Loafers',
      'Felt Slippers',
      'Rope Sandals',
      'Dancing Pumps',
      'Rubber Wellingtons',
      'Cork Clogs',
      'Court Trainers',
    ],
  ],
  [
    'Miscellaneous',
    [
      'Chess Set',
      'Enamel Mug',
      'Sketch Book',
      'Picnic Basket',
      'Bicycle Bell',
      'Kite',
      'Hand Mirror',
      'Pencil Case',
      'Yoga Mat',
      'Wicker Tray',
      'Paper Lantern',
    ],
  ],
];

export const slugOf = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const picture = (slug: string, number: number) => `https://pictures.example/${slug}-${number}.jpeg`;

/** The 5 categories and 51 products that the store begins with: made up, but of the real store's size, prices and shapes. */
export const seed = (now: Date, firstId = 1): { categories: Category[]; products: Product[] } => {
  const times = { creationAt: now.toISOString(), updatedAt: now.toISOString() };
  const categories = assortment.map(([name], index) => ({
    id: index + 1,
    name,
    slug: slugOf(name),
    image: picture(slugOf(name), 1),
    ...times,
  }));
  const products = assortment
    .flatMap(([, titles], index) => titles.map((title) => ({ title, categoryId: index + 1 })))
    .map(({ title, categoryId }, index) => {
      const slug = slugOf(title);
      return {
        id: firstId + index,
        title,
        slug,
        price: 10 + ((index * 37) % 89),
        description: `${title}, made up by the Vindima sandbox.`,
        categoryId,
        images: [picture(slug, 1), picture(slug, 2), picture(slug, 3)],
        ...times,
      };
    });
  return { categories, products };
};
