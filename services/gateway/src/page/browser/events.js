import { byId, element } from './element.js';

const most = 100;
/** The row of each job that is under way: its progress replaces itself. */
const progress = new Map();

const describe = ({ payload }) => {
  if (typeof payload?.kind === 'string' && typeof payload.progress === 'number') {
    return `${payload.kind} ${Math.round(payload.progress * 100)}% ${payload.message}`;
  }
  return JSON.stringify(payload)?.slice(0, 120) ?? '';
};

/** Puts an event on top of the list. */
export const showEvent = (event) => {
  const list = byId('events');
  const at = new Date(event.time);
  const details = element(
    'details',
    {},
    element(
      'summary',
      {},
      element('time', { dateTime: event.time }, at.toLocaleTimeString()),
      element('code', {}, event.subject),
      element('span', { className: 'quiet' }, describe(event)),
    ),
    element('pre', { tabIndex: 0 }, JSON.stringify(event, null, 2)),
  );
  const job = event.subject.includes('.job-') ? event.payload?.id : undefined;
  const former = job === undefined ? undefined : progress.get(job);
  if (former?.isConnected && !former.querySelector('details').open) {
    former.replaceChildren(details);
  } else {
    const item = element('li', {}, details);
    if (job !== undefined) progress.set(job, item);
    list.querySelector('.nothing')?.remove();
    list.prepend(item);
  }
  if (event.subject.endsWith('.job-finished')) progress.delete(job);
  while (list.children.length > most) list.lastElementChild.remove();
};

/** Before anything has happened. */
export const showNoEvents = () =>
  byId('events').replaceChildren(element('li', { className: 'nothing quiet' }, 'Nothing has happened since you came.'));

const words = {
  live: ['good', 'live'],
  connecting: ['', 'connecting'],
  waiting: ['bad', 'the connection is lost; trying again'],
};
export const showStreamState = (state) => {
  const badge = byId('stream-status');
  const [kind, text] = words[state];
  badge.className = `badge ${kind}`;
  badge.textContent = text;
};
