import { byId, element, empty } from './element.js';
import { read } from './session.js';

const sureMs = 4_000;
let open = new Set();

/** A button that asks once more before it does what cannot be undone. */
const careful = (text, question, act) => {
  const button = element('button', { type: 'button', className: 'plain small', textContent: text });
  let asked = false;
  button.addEventListener('click', () => {
    if (asked) {
      act(button);
      return;
    }
    asked = true;
    button.textContent = question;
    setTimeout(() => {
      asked = false;
      button.textContent = text;
    }, sureMs);
  });
  return button;
};

const show = ({ sequence, subject, consumer, attempts, error, last_failed_at: at, payload }) => {
  const act = async (button, path, init) => {
    button.disabled = true;
    byId('dead-letters-problem').textContent = '';
    try {
      await read(path, init);
    } catch (problem) {
      byId('dead-letters-problem').textContent = problem.message;
    }
    await refreshDeadLetters(true);
  };
  const replay = element('button', { type: 'button', className: 'small', textContent: 'Replay' });
  replay.addEventListener('click', () => act(replay, `/dead-letters/${sequence}/replay`, { method: 'POST' }));
  const discard = careful('Discard', 'Discard for good?', (button) =>
    act(button, `/dead-letters/${sequence}`, { method: 'DELETE' }),
  );
  const details = element(
    'details',
    { open: open.has(sequence) },
    element('summary', {}, `Payload of message ${sequence}`),
    element('pre', { tabIndex: 0 }, JSON.stringify(payload, null, 2)),
  );
  details.addEventListener('toggle', () => (details.open ? open.add(sequence) : open.delete(sequence)));
  return element(
    'li',
    {},
    element(
      'div',
      { className: 'row' },
      element('code', {}, subject),
      element('time', { className: 'quiet', dateTime: at }, new Date(at).toLocaleString()),
    ),
    element('p', { className: 'problem' }, error),
    element(
      'p',
      { className: 'quiet' },
      `${consumer} gave up after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
    ),
    details,
    element('div', { className: 'actions' }, replay, discard),
  );
};

let last = '';
/** Asks for the dead letters; who may not see them does not see the section. */
export const refreshDeadLetters = async (always = false) => {
  const list = byId('dead-letters');
  try {
    const { items, next_cursor: more } = await read('/dead-letters?limit=50');
    const text = JSON.stringify(items);
    if (!always && text === last) return;
    last = text;
    open = new Set([...open].filter((sequence) => items.some((item) => item.sequence === sequence)));
    byId('dead-letters-section').hidden = false;
    byId('dead-letters-count').textContent =
      items.length === 0 ? '' : `${items.length}${more === null ? '' : ' and more'}`;
    list.replaceChildren(...(items.length === 0 ? [empty('None. Everything was handled.')] : items.map(show)));
  } catch (error) {
    if (error.status === 403) byId('dead-letters-section').hidden = true;
    else list.replaceChildren(empty(error.message));
  }
};
