/** Bounds what is sent and not yet acknowledged; more waits its turn, in order. */
export interface Window {
  /** Resolves when the bytes may be sent; a message larger than the window goes alone. */
  enter(bytes: number): Promise<void>;
  leave(bytes: number): void;
}

export const createWindow = (maximumMessages: number, maximumBytes: number): Window => {
  let messages = 0;
  let bytes = 0;
  const waiting: { readonly size: number; readonly admit: () => void }[] = [];
  let next = 0;
  const fits = (size: number) => messages === 0 || (messages < maximumMessages && bytes + size <= maximumBytes);
  const count = (size: number) => {
    messages += 1;
    bytes += size;
  };
  return {
    enter: async (size) => {
      if (next === waiting.length && fits(size)) {
        count(size);
        return;
      }
      await new Promise<void>((resolve) => {
        waiting.push({ size, admit: resolve });
      });
    },
    leave: (size) => {
      messages -= 1;
      bytes -= size;
      for (let first = waiting[next]; first !== undefined && fits(first.size); first = waiting[next]) {
        count(first.size);
        first.admit();
        next += 1;
      }
      // Dropped in one go: shifting a long queue one by one would be quadratic.
      if (next === waiting.length || next > 10_000) {
        waiting.splice(0, next);
        next = 0;
      }
    },
  };
};
