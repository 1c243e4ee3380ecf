/** One way of having commands done; all are measured alike. */
export interface Contender {
  readonly name: string;
  /** Resolves when the command is durable, so that a caller may be answered. */
  publish(n: number): Promise<void>;
  /** Begins to handle commands; told of each when its effect is recorded. */
  consume(done: (n: number) => void): Promise<void>;
  close(): Promise<void>;
}
