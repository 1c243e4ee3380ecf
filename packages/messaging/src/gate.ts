/** Lets one waiter sleep until somebody opens; an opening that comes first is remembered. */
export interface Gate {
  open(): void;
  wait(): Promise<void>;
}

export const createGate = (): Gate => {
  let opened = false;
  let release: (() => void) | undefined;
  return {
    open: () => {
      opened = true;
      release?.();
    },
    wait: async () => {
      if (!opened) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      opened = false;
      release = undefined;
    },
  };
};
