import type { KyselyPlugin, RootOperationNode } from 'kysely';

const lazy = new WeakSet<RootOperationNode>();

/** Marks the queries of a Kysely as ones that need not wait for the disk. */
export const lazyWrites: KyselyPlugin = {
  transformQuery: ({ node }) => {
    lazy.add(node);
    return node;
  },
  transformResult: async ({ result }) => result,
};

export const isLazy = (node: RootOperationNode): boolean => lazy.has(node);
