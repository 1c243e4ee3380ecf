import { byId, element } from './element.js';
import { base, read } from './session.js';

const kinds = { ok: 'good', 'not ready': 'warn', down: 'bad', degraded: 'warn' };

const show = ([name, { status, replicas = [] }]) => {
  const ready = replicas.filter((replica) => replica.status === 'ok').length;
  const problems = replicas.flatMap(({ checks }) =>
    Object.entries(checks)
      .filter(([, result]) => result !== 'ok')
      .map(([check, result]) => `${check}: ${result}`),
  );
  const count = replicas.length > 1 ? `${ready} of ${replicas.length} replicas ready` : (replicas[0]?.version ?? '');
  return element(
    'li',
    {},
    element(
      'div',
      { className: 'row' },
      element('span', {}, name),
      element('span', { className: `badge ${kinds[status]}` }, status),
    ),
    element('p', { className: 'quiet' }, problems.length === 0 ? count : problems.join('; ')),
    element(
      'p',
      { className: 'quiet' },
      element('a', { href: `${base}/docs/${name}`, ariaLabel: `Documentation of ${name}` }, 'docs'),
    ),
  );
};

/** Asks how every service is and shows it. */
export const refreshServices = async () => {
  const badge = byId('platform-status');
  try {
    const { status, services } = await read('/health');
    badge.className = `badge ${kinds[status]}`;
    // Said only when it changes: it is read aloud.
    if (badge.textContent !== status) badge.textContent = status;
    byId('services').replaceChildren(...Object.entries(services).map(show));
  } catch {
    badge.className = 'badge bad';
    badge.textContent = 'the gateway does not answer';
  }
};
