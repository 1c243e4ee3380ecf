import { refreshDeadLetters } from './dead-letters.js';
import { byId } from './element.js';
import { showEvent, showNoEvents, showStreamState } from './events.js';
import { allowCancelling, refreshJobs, takeJobEvent } from './jobs.js';
import { refreshServices } from './services.js';
import { logIn, logOut, read, renew, whenEnded } from './session.js';
import { watch } from './stream.js';

const every = { services: 5_000, lists: 20_000, soon: 500 };
let watching;

/** Soon, and once for many reasons. */
const soon = (work) => {
  let planned = false;
  return () => {
    if (planned) return;
    planned = true;
    setTimeout(() => {
      planned = false;
      void work();
    }, every.soon);
  };
};
const jobsSoon = soon(refreshJobs);

const takeEvent = (event) => {
  showEvent(event);
  if (event.subject.includes('.job-') && (takeJobEvent(event.payload) || event.subject.endsWith('.job-finished')))
    jobsSoon();
};

const showOverview = async (who) => {
  watching?.abort();
  watching = new AbortController();
  const { signal } = watching;
  byId('log-in').hidden = true;
  byId('overview').hidden = false;
  byId('who').textContent = who.kind === 'user' ? `${who.username}, ${who.role}` : 'this machine, without credentials';
  byId('log-out').hidden = who.kind !== 'user';
  allowCancelling(who.role !== 'viewer');
  showNoEvents();
  const repeat = (work, milliseconds) => {
    void work();
    const timer = setInterval(() => {
      // Nobody looks at a hidden page.
      if (!document.hidden) void work();
    }, milliseconds);
    signal.addEventListener('abort', () => clearInterval(timer));
  };
  repeat(refreshServices, every.services);
  repeat(refreshJobs, every.lists);
  repeat(refreshDeadLetters, every.lists);
  await watch('/events', signal, { onEvent: takeEvent, onState: showStreamState });
};

const showLogIn = () => {
  watching?.abort();
  byId('overview').hidden = true;
  byId('log-out').hidden = true;
  byId('who').textContent = '';
  byId('log-in').hidden = false;
  byId('log-in').elements.username.focus();
};

const begin = async () => {
  let who = await read('/auth/me');
  if (who.kind === 'nobody' && (await renew())) who = await read('/auth/me');
  if (who.kind === 'nobody') showLogIn();
  else await showOverview(who);
};

byId('log-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const problem = form.querySelector('.problem');
  const button = form.querySelector('button');
  problem.textContent = '';
  button.disabled = true;
  try {
    await logIn(form.elements.username.value, form.elements.password.value);
    form.reset();
    void begin();
  } catch (error) {
    problem.textContent = error.message;
  } finally {
    button.disabled = false;
  }
});
byId('log-out').addEventListener('click', async () => {
  await logOut();
  showLogIn();
});
whenEnded(showLogIn);
await begin();
