/** JSON as it stands in a document. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Keywords of a schema whose value is data, not a schema. */
const data = new Set(['const', 'default', 'enum', 'example', 'examples']);

/**
 * Collects schemas that have a title into one place: what is the same is kept once and referred to; what has the same title and is
 * another gets the name of its service before it.
 */
export const createSchemaStore = () => {
  const names = new Map<string, string>();
  const schemas: Record<string, JsonObject> = {};

  const store = (schema: JsonObject, title: string, owner: string): JsonObject => {
    const text = JSON.stringify(schema);
    let name = names.get(text);
    if (name === undefined) {
      name = freeName(title, owner);
      names.set(text, name);
      schemas[name] = schema;
    }
    return { $ref: `#/components/schemas/${name}` };
  };
  const freeName = (title: string, owner: string) => {
    const plain = capitalised(title) || 'Schema';
    for (let number = 1; ; number++) {
      const candidates =
        number === 1 ? [plain, capitalised(owner) + plain] : [`${capitalised(owner)}${plain}${number}`];
      const free = candidates.find((candidate) => !(candidate in schemas));
      if (free !== undefined) return free;
    }
  };

  /** @param local the document's own named schemas; a reference to one of them is replaced by what it says */
  const hoist = (schema: Json, owner: string, local: JsonObject, open: readonly string[] = []): Json => {
    if (Array.isArray(schema)) return schema.map((item) => hoist(item, owner, local, open));
    if (typeof schema !== 'object' || schema === null) return schema;
    const target = localName(schema.$ref);
    if (target !== undefined) {
      const found = local[target];
      // A schema that contains itself keeps its name; everything else is the same wherever it stands.
      if (found === undefined || open.includes(target)) return { $ref: `#/components/schemas/${capitalised(target)}` };
      return hoist({ title: target, ...(found as JsonObject) }, owner, local, [...open, target]);
    }
    const copy: JsonObject = {};
    for (const [key, value] of Object.entries(schema)) {
      if (data.has(key)) copy[key] = value;
      else if (key === 'properties' || key === 'patternProperties' || key === '$defs') {
        copy[key] = Object.fromEntries(
          Object.entries(value as JsonObject).map(([name, property]) => [name, hoist(property, owner, local, open)]),
        );
      } else if (key !== '$id') copy[key] = hoist(value, owner, local, open);
    }
    return typeof copy.title === 'string' ? store(copy, copy.title, owner) : copy;
  };

  return {
    schemas,
    /** A part of a document with every schema in it replaced. */
    hoistAll: (part: Json, owner: string, local: JsonObject): Json => {
      const walk = (value: Json): Json => {
        if (Array.isArray(value)) return value.map(walk);
        if (typeof value !== 'object' || value === null) return value;
        return Object.fromEntries(
          Object.entries(value).map(([key, inner]) => [
            key,
            key === 'schema' ? hoist(inner, owner, local) : data.has(key) ? inner : walk(inner),
          ]),
        );
      };
      return walk(part);
    },
  };
};

const localName = (reference: Json | undefined) =>
  typeof reference === 'string' ? /^#\/components\/schemas\/(.+)$/.exec(reference)?.[1] : undefined;

const capitalised = (text: string) =>
  text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
