import type { ElementType } from './element-types.ts';
import type { Attribute, Dimension, Graph, Node, Tensor, ValueInfo, ValueType } from './model.ts';

export interface NodeOptions {
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** How many outputs, or their names. Default: one, named by the builder. */
  readonly outputs?: number | readonly string[];
}

export type GraphBuilder = ReturnType<typeof createGraphBuilder>;

/**
 * Builds a graph in the order in which it is computed. Values are known by their names, which every method returns.
 * What would only fail when the model is loaded fails here, where the mistake is made: a name that is defined twice,
 * an input that nothing has computed yet.
 *
 * @param outer values of the graph around this one that this one may use (bodies of Loop, If and Scan).
 */
export function createGraphBuilder(name: string, outer: Iterable<string> = []) {
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const initializers: Tensor[] = [];
  const nodes: Node[] = [];
  const known = new Set<string>(outer);
  const counters = new Map<string, number>();
  // The names of a graph within another must not be those of the outer one.
  const inner = known.size > 0;

  function define(value: string): string {
    if (value === '' || known.has(value))
      throw new Error(`The graph "${name}" defines "${value}" twice or without a name.`);
    known.add(value);
    return value;
  }

  function freshName(prefix: string): string {
    for (;;) {
      const count = (counters.get(prefix) ?? 0) + 1;
      counters.set(prefix, count);
      const fresh = `${inner ? `${name}/` : ''}${prefix}_${count}`;
      if (!known.has(fresh)) return fresh;
    }
  }

  function addNode(operator: string, nodeInputs: readonly string[], options: NodeOptions = {}): readonly string[] {
    for (const input of nodeInputs) {
      if (input !== '' && !known.has(input)) throw new Error(`${operator} uses "${input}", which nothing computes.`);
    }
    const { domain = '', attributes = {}, outputs: wanted = 1 } = options;
    const prefix = operator.toLowerCase();
    const names =
      typeof wanted === 'number'
        ? Array.from({ length: wanted }, () => define(freshName(prefix)))
        : wanted.map((output) => (output === '' ? '' : define(output)));
    nodes.push({
      name: `${prefix}_node_${nodes.length}`,
      operator,
      domain,
      inputs: nodeInputs,
      outputs: names,
      attributes,
    });
    return names;
  }

  return {
    /** Declares a tensor that the caller of the model provides. */
    input(value: string, type: ElementType, shape: readonly Dimension[]): string {
      inputs.push({ name: define(value), type: { kind: 'tensor', type, shape } });
      return value;
    },

    /** Adds a constant (weights) under a name of its own, or one made from `prefix`. */
    initializer(constant: Tensor, prefix = 'constant'): string {
      const value = define(constant.name === '' ? freshName(prefix) : constant.name);
      initializers.push({ ...constant, name: value });
      return value;
    },

    /** Adds a node and returns the names of its outputs. */
    nodes: addNode,

    /** Adds a node that has one output and returns its name. */
    node(
      operator: string,
      nodeInputs: readonly string[],
      attributes: NodeOptions['attributes'] = {},
      domain = '',
    ): string {
      const [output] = addNode(operator, nodeInputs, { attributes, domain });
      if (output === undefined) throw new Error(`${operator} has no output.`);
      return output;
    },

    /** Declares a computed value as an output of the model. */
    output(value: string, type: ElementType | ValueType, shape: readonly Dimension[] | null = null): void {
      if (!known.has(value)) throw new Error(`The output "${value}" is computed by nothing.`);
      outputs.push({ name: value, type: typeof type === 'string' ? { kind: 'tensor', type, shape } : type });
    },

    /** Gives a value a second name, as for an output that must be called something. */
    rename(value: string, to: string): string {
      addNode('Identity', [value], { outputs: [to] });
      return to;
    },

    build: (): Graph => ({ name, inputs, outputs, initializers, nodes }),
  };
}
