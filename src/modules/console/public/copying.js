import { announce } from './announcements.js';

/** How long the button itself says so. */
const SAID_MS = 2_000;

/** Without a secure context there is no clipboard; the selection then is what can be copied. */
async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return 'Copied.';
  } catch {
    getSelection().selectAllChildren(code);
    return 'Selected: press Ctrl+C to copy it.';
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button.copy');
  if (!button) return;
  void copy(button.parentElement.querySelector('code')).then((words) => {
    announce(words);
    button.dataset.said = words;
    setTimeout(() => delete button.dataset.said, SAID_MS);
  });
});
