import { byId, element, empty } from './element.js';
import { read } from './session.js';

const shown = 12;
const kinds = { queued: '', running: 'warn', succeeded: 'good', partial: 'warn', failed: 'bad', cancelled: '' };
const ended = new Set(['succeeded', 'failed', 'cancelled']);
/** Jobs by id, the newest first. */
let jobs = new Map();
const rows = new Map();
let mayCancel = false;

/** How far it is, when it began, and how long it took: `done · 21/11/2026, 14:02:11 · 3.2 s`. */
const describe = ({ message, error, problems, started_at, finished_at }) => {
  const parts = [error?.error ?? message, ...(problems ?? []).slice(0, 3).map((problem) => problem.error)];
  if (started_at) parts.push(new Date(started_at).toLocaleString());
  if (started_at && finished_at)
    parts.push(`${((Date.parse(finished_at) - Date.parse(started_at)) / 1000).toFixed(1)} s`);
  return parts.filter(Boolean).join(' · ');
};

const row = (id) => {
  const kind = element('span');
  const state = element('span', { className: 'badge' });
  const bar = element('progress', { max: 1 });
  const message = element('summary', { className: 'quiet' });
  const whole = element('pre', { tabIndex: 0 });
  const details = element('details', {}, message, whole);
  const showWhole = () => {
    if (details.open) whole.textContent = JSON.stringify(jobs.get(id), null, 2);
  };
  details.addEventListener('toggle', showWhole);
  const cancel = element('button', { type: 'button', className: 'plain small', textContent: 'Cancel' });
  cancel.addEventListener('click', async () => {
    cancel.disabled = true;
    try {
      await read(`/jobs/${id}`, { method: 'DELETE' });
    } catch (error) {
      message.textContent = error.message;
    }
  });
  const item = element('li', {}, element('div', { className: 'row' }, kind, state, cancel), bar, details);
  return {
    item,
    update: (job) => {
      kind.textContent = job.kind;
      const shownState = job.outcome ?? job.state;
      state.textContent = shownState;
      state.className = `badge ${kinds[shownState]}`;
      bar.value = job.progress;
      bar.hidden = ended.has(job.state);
      bar.ariaLabel = `Progress of ${job.kind}`;
      cancel.hidden = !mayCancel || ended.has(job.state);
      cancel.ariaLabel = `Cancel ${job.kind}`;
      message.textContent = describe(job);
      showWhole();
    },
  };
};

const render = () => {
  const items = [...jobs.values()].map((job) => {
    const known = rows.get(job.id) ?? row(job.id);
    rows.set(job.id, known);
    known.update(job);
    return known.item;
  });
  for (const id of rows.keys()) if (!jobs.has(id)) rows.delete(id);
  const list = byId('jobs');
  const same = items.length === list.children.length && items.every((item, index) => list.children[index] === item);
  // Moving elements would take the focus from a button.
  if (!same || items.length === 0) list.replaceChildren(...(items.length === 0 ? [empty('No jobs yet.')] : items));
};

/** Viewers may not: they are offered nothing that would be refused. */
export const allowCancelling = (allowed) => {
  mayCancel = allowed;
};

/** Asks for the newest jobs of all services. */
export const refreshJobs = async () => {
  try {
    const { items } = await read(`/jobs?limit=${shown}`);
    jobs = new Map(items.map((job) => [job.id, job]));
    render();
  } catch (error) {
    if (rows.size === 0) byId('jobs').replaceChildren(empty(error.message));
  }
};

/** Takes what an event tells of a job. @returns whether it is one that is not shown yet */
export const takeJobEvent = ({ id, ...status }) => {
  const known = jobs.get(id);
  if (known === undefined) return true;
  if (!ended.has(known.state)) {
    jobs.set(id, { ...known, ...status });
    render();
  }
  return false;
};
