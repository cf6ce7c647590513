import { h, setText } from './dom.js';
import { trying } from './trouble.js';

/** Asks before something is done, and says what came of it. */

const toast = document.querySelector('#done');
const TOAST_MS = 12_000;
let timer;
/** Says that something was done, to everybody. */
export function done(words) {
  clearTimeout(timer);
  setText(toast, words);
  timer = setTimeout(() => setText(toast, ''), TOAST_MS);
}

let ids = 0;
/**
 * One field of a dialog: `kind` is text, number, select, lines or checks. A hint stands below it.
 * @returns its element and a reader of its value
 */
function fieldOf({ name, label, kind = 'text', hint, options = [], value = '', ...attributes }) {
  const id = `field-${++ids}`;
  if (kind === 'checks') {
    const boxes = options.map((each) =>
      h('input', { type: 'checkbox', value: each, checked: value.includes(each) }),
    );
    const element = h(
      'fieldset',
      { class: 'checks' },
      h('legend', {}, label),
      ...boxes.map((box) => h('label', {}, box, ` ${box.value}`)),
    );
    return {
      name,
      element,
      read: () => boxes.filter(({ checked }) => checked).map((box) => box.value),
    };
  }
  const shared = { id, name, 'aria-describedby': hint ? `${id}-hint` : null, ...attributes };
  const input =
    kind === 'select'
      ? h('select', shared, ...options.map(([of, words]) => h('option', { value: of }, words)))
      : kind === 'lines'
        ? h('textarea', { rows: '3', ...shared })
        : h('input', { type: kind, autocomplete: 'off', ...shared });
  if (value !== '') input.value = value;
  const element = h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    input,
    hint ? h('p', { class: 'hint', id: `${id}-hint` }, hint) : null,
  );
  return { name, element, read: () => input.value.trim() };
}

const REASON = { name: 'reason', label: 'Reason', kind: 'lines', required: true, maxlength: 1000 };
const REASON_MIN = 3;
const GRAVE_REASON_MIN = 10;

/**
 * Opens a dialog with a reason and a confirmation.
 * @param asked.title what is done, and the word of its button in `verb`
 * @param asked.about what follows from it
 * @param asked.grave whether it cannot be undone: a longer reason, and a red button
 * @param asked.word to be typed before the button works; absent: none
 * @param asked.run gets the values of the fields; returns the words that say what came of it, or an
 * element that stays open
 * @param asked.by whose action it is
 */
export function ask({
  title,
  about,
  verb,
  by,
  run,
  fields = [],
  grave = false,
  word,
  reason = true,
}) {
  const opener = document.activeElement;
  const least = grave ? GRAVE_REASON_MIN : REASON_MIN;
  const made = [
    ...fields.map(fieldOf),
    ...(reason ? [fieldOf({ ...REASON, minlength: least, hint: reasonHint(by, grave) })] : []),
    ...(word === undefined
      ? []
      : [
          fieldOf({
            name: 'word',
            label: `Type ${word} to confirm`,
            required: true,
            pattern: word,
          }),
        ]),
  ];
  const fault = h('p', { class: 'fault', role: 'alert' });
  const go = h('button', { class: grave ? 'danger' : 'primary' }, verb);
  const cancel = h('button', { type: 'button' }, 'Cancel');
  const form = h(
    'form',
    { method: 'dialog' },
    h('h2', { id: 'dialog-title' }, title),
    h('p', {}, about),
    ...made.map(({ element }) => element),
    fault,
    h('div', { class: 'buttons' }, cancel, go),
  );
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' }, form);
  const close = () => dialog.close();
  cancel.addEventListener('click', close);
  addEventListener('hashchange', close); // what it asks belongs to the page that was left
  dialog.addEventListener('close', () => {
    removeEventListener('hashchange', close);
    dialog.remove();
    opener?.focus?.();
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    go.disabled = true;
    setText(fault, '');
    const values = Object.fromEntries(made.map(({ name, read }) => [name, read()]));
    delete values.word;
    try {
      const came = await run(values);
      if (typeof came === 'string') {
        close();
        done(came);
      } else keepOpen(form, came, close);
    } catch (thrown) {
      setText(fault, `▲ ${thrown.message}`);
    } finally {
      go.disabled = false;
    }
  });
  document.body.append(dialog);
  dialog.showModal();
}

const reasonHint = (by, grave) =>
  `Recorded forever with your name, ${by}.${grave ? ' In more than a word.' : ''}`;

/** For what is shown once, such as the text of a key. */
function keepOpen(form, element, close) {
  const button = h('button', { type: 'button', class: 'primary' }, 'Close');
  button.addEventListener('click', close);
  form.replaceChildren(form.querySelector('h2'), element, h('div', { class: 'buttons' }, button));
  button.focus();
}

/** A button that acts. @param said of what, for those who do not see where it stands */
export function actionButton(words, act, { danger = false, said, disabled = null } = {}) {
  const button = h(
    'button',
    {
      type: 'button',
      class: danger ? 'danger quiet' : null,
      'aria-label': said ? `${words}: ${said}` : null,
      disabled: disabled !== null,
      title: disabled,
    },
    words,
  );
  button.addEventListener('click', () => void trying('action', act));
  return button;
}
