/**
 * Makes an element. Text is set as text, so nothing that a service says becomes markup.
 *
 * @param {string} name
 * @param {Record<string, unknown>} properties
 * @param {...(Node | string)} children
 */
export const element = (name, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
};

/** @param {string} id */
export const byId = (id) => document.getElementById(id);

/** What a list says while nothing is in it. */
export const empty = (text) => element('li', { className: 'empty quiet' }, text);
