/** A server-sent event. */
export interface ServerEvent<Data = unknown> {
  /** To go on behind it: `lastEventId`. */
  readonly id: string | undefined;
  readonly type: string;
  readonly data: Data;
}

/** Reads an event stream; the connection ends when the loop is left. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export const readEvents = async function* <Data = unknown>(response: Response): AsyncGenerator<ServerEvent<Data>> {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += part.value;
      // The last line may go on, and so may a line end of two characters.
      const blocks = text.replaceAll(/\r\n|\r(?!$)/g, '\n').split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = eventOf<Data>(block);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    await reader.cancel();
  }
};

const eventOf = <Data>(block: string): ServerEvent<Data> | undefined => {
  const fields = block.split('\n').flatMap((line) => {
    const [, name, value] = /^([^:]+):? ?(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value ?? ''] as const];
  });
  const data = fields.flatMap(([name, value]) => (name === 'data' ? [value] : []));
  if (data.length === 0) return undefined;
  const last = (wanted: string) => fields.findLast(([name]) => name === wanted)?.[1];
  return { id: last('id'), type: last('event') ?? 'message', data: JSON.parse(data.join('\n')) as Data };
};
