import { call } from './session.js';

const patience = { first: 500, most: 15_000 };

/** Server-sent events out of a text that comes in pieces. */
const reader = (onEvent) => {
  let text = '';
  return (piece) => {
    text += piece;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = Object.fromEntries(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      text = text.slice(end + 2);
      if (fields.data !== undefined) onEvent({ id: fields.id, data: JSON.parse(fields.data) });
    }
  };
};

/**
 * Watches the platform's events until told to stop; when the connection breaks, goes on behind the last event seen. EventSource
 * cannot send a token, so this is fetch.
 */
export const watch = async (path, signal, { onEvent, onState }) => {
  let last;
  let wait = patience.first;
  while (!signal.aborted) {
    try {
      onState('connecting');
      const answer = await call(path, { signal, headers: last === undefined ? {} : { 'last-event-id': last } });
      if (!answer.ok) throw new Error(`it answered ${answer.status}`);
      onState('live');
      wait = patience.first;
      const feed = reader((event) => {
        last = event.id;
        onEvent(event.data);
      });
      const decoder = new TextDecoder();
      for await (const chunk of answer.body) feed(decoder.decode(chunk, { stream: true }));
    } catch {
      if (signal.aborted) return;
    }
    onState('waiting');
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, patience.most);
  }
};
