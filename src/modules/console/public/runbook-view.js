import * as api from './api.js';
import { h } from './dom.js';
import { pageOf } from './markdown.js';
import { trying } from './trouble.js';
import { heading, IDLE_VIEW, main } from './view.js';

/** Other pages are not beside this one. */
const lead = (to) =>
  to.startsWith('#') ? `#/runbook/${to.slice(1)}` : to.startsWith('https://') ? to : null;

/** What to do when something is wrong. @param section its anchor, or undefined for the contents */
export async function runbookView(section) {
  main.replaceChildren(heading('Runbook'), h('p', {}, 'Loading…'));
  await trying('rows', async () => {
    const { elements, sections } = pageOf(await api.runbook(), lead);
    const contents = h(
      'details',
      { class: 'contents', open: section === undefined },
      h('summary', {}, 'What do you see?'),
      h(
        'ul',
        {},
        ...sections
          .filter(({ anchor }) => anchor !== null)
          .map(({ anchor, title }) =>
            h(
              'li',
              {},
              h(
                'a',
                {
                  href: lead(`#${String(anchor)}`),
                  'aria-current': anchor === section ? 'true' : null,
                },
                title,
              ),
            ),
          ),
      ),
    );
    const shown = section === undefined ? elements : ofSection(elements, section);
    main.replaceChildren(
      heading('Runbook'),
      contents,
      h('article', { class: 'prose' }, ...shown.filter(({ tagName }) => tagName !== 'H1')),
      section === undefined ? '' : h('p', {}, h('a', { href: '#/runbook' }, 'The whole runbook')),
    );
  });
  return IDLE_VIEW;
}

/** From the heading with that anchor to the next of its level; all of it, if there is none. */
function ofSection(elements, anchor) {
  const from = elements.findIndex(({ id }) => id === anchor);
  if (from === -1) return elements;
  const next = elements.findIndex(({ tagName }, at) => at > from && tagName === 'H2');
  return elements.slice(from, next === -1 ? undefined : next);
}
