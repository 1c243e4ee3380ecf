import { type Category, type Product, seed, slugOf } from './seed.ts';

export interface User {
  readonly id: number;
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly role: 'customer' | 'admin';
  readonly avatar: string;
  readonly creationAt: string;
  readonly updatedAt: string;
}

const seededUsers = (now: Date): User[] => {
  const times = { creationAt: now.toISOString(), updatedAt: now.toISOString() };
  const avatar = 'https://pictures.example/avatar.jpeg';
  return [
    { id: 1, email: 'john@mail.com', password: 'changeme', name: 'John', role: 'customer', avatar, ...times },
    { id: 2, email: 'maria@mail.com', password: '12345', name: 'Maria', role: 'customer', avatar, ...times },
    { id: 3, email: 'admin@mail.com', password: 'admin123', name: 'Admin', role: 'admin', avatar, ...times },
  ];
};

/** The tables of the store, in memory as the real one's: they are filled anew whenever it starts. */
export const createStoreState = (now: () => Date) => {
  let users: User[] = [];
  let categories: Category[] = [];
  let products = new Map<number, Product>();
  let deleted = new Map<number, Product>();
  let nextId = { user: 1, category: 1, product: 1 };

  const reseed = (firstProductId = 1) => {
    const seeded = seed(now(), firstProductId);
    users = seededUsers(now());
    categories = seeded.categories;
    products = new Map(seeded.products.map((product) => [product.id, product]));
    deleted = new Map();
    nextId = { user: 4, category: categories.length + 1, product: firstProductId + products.size };
  };
  const times = () => ({ creationAt: now().toISOString(), updatedAt: now().toISOString() });
  const withCategory = ({ categoryId, ...product }: Product) => ({
    ...product,
    category: categories.find(({ id }) => id === categoryId) ?? null,
  });
  reseed();

  return {
    reseed,
    users: () => users as readonly User[],
    addUser(user: Omit<User, 'id' | 'creationAt' | 'updatedAt'>): User {
      const added = { id: nextId.user++, ...user, ...times() };
      users.push(added);
      return added;
    },
    removeUser(id: number) {
      users = users.filter((user) => user.id !== id);
    },
    categories: () => categories as readonly Category[],
    addCategory(name: string, image: string): Category {
      const added = { id: nextId.category++, name, slug: slugOf(name), image, ...times() };
      categories.push(added);
      return added;
    },
    changeCategory(id: number, change: Partial<Pick<Category, 'name' | 'image'>>) {
      categories = categories.map((category) =>
        category.id === id ? { ...category, ...change, updatedAt: now().toISOString() } : category,
      );
    },
    removeCategory(id: number) {
      categories = categories.filter((category) => category.id !== id);
    },
    /** In the order of their ids, each with its category. */
    products: () => [...products.values()].sort((one, other) => one.id - other.id).map(withCategory),
    product(id: number) {
      const found = products.get(id);
      return found && withCategory(found);
    },
    addProduct(product: Pick<Product, 'title' | 'price' | 'description' | 'categoryId' | 'images'>) {
      const added = { id: nextId.product++, slug: slugOf(product.title), ...product, ...times() };
      products.set(added.id, added);
      return withCategory(added);
    },
    /** @param touch whether `updatedAt` tells of it: a correction behind the API's back does not */
    changeProduct(id: number, change: Partial<Omit<Product, 'id'>>, touch = true) {
      const product = products.get(id);
      if (product !== undefined)
        products.set(id, { ...product, ...change, ...(touch && { updatedAt: now().toISOString() }) });
    },
    removeProduct(id: number): boolean {
      const product = products.get(id);
      if (product === undefined) return false;
      deleted.set(id, product);
      return products.delete(id);
    },
    /** Puts a removed product back, as if it had been restocked. */
    returnProduct(id: number): boolean {
      const product = deleted.get(id);
      if (product === undefined) return false;
      products.set(id, { ...product, updatedAt: now().toISOString() });
      return deleted.delete(id);
    },
  };
};
export type StoreState = ReturnType<typeof createStoreState>;
export type ServedProduct = ReturnType<StoreState['products']>[number];
