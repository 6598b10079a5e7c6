/*
 * Runs in a page. Follows the focus from element to element as Tab is pressed. At the end, reports which
 * elements were not reached, and which show no focus indicator.
 */
(() => {
  // Disables transitions, because styles are compared from one key press to the next.
  const still = new CSSStyleSheet();
  still.replaceSync('*, *::before, *::after { transition: none !important; }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];

  const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]';
  const SEEN = ['outline', 'box-shadow', 'border-color', 'background-color', 'color', 'text-decoration'];

  const nameOf = (element) =>
    `${element.tagName.toLowerCase()} ${element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent.trim().slice(0, 40)}`;
  const isReachable = (element) =>
    element.tabIndex >= 0 &&
    !element.disabled &&
    element.closest('[inert]') === null &&
    element.checkVisibility();
  /** One radio button takes the focus for its whole group. */
  const groupOf = (element) => (element.type === 'radio' ? `radio ${element.name}` : element);
  const around = (element, levels) =>
    element && levels > 0 ? [element, ...around(element.parentElement, levels - 1)] : [];
  /** The styles of an element and of those that may show its focus: the next one, and its row or card. */
  const lookOf = (element) =>
    [...around(element, 6), element.nextElementSibling]
      .filter(Boolean)
      .flatMap((part) => [undefined, '::before', '::after'].map((pseudo) => getComputedStyle(part, pseudo)))
      .map((style) => SEEN.map((property) => style.getPropertyValue(property)).join())
      .join('|');

  const wanted = new Map();
  for (const element of document.querySelectorAll(FOCUSABLE))
    if (isReachable(element)) wanted.set(groupOf(element), nameOf(element));
  const visited = new Set();
  // A field may be replaced by its editor as soon as it has the focus.
  const reached = new Set();
  document.addEventListener('focusin', ({ target }) => reached.add(groupOf(target)));
  const unseen = [];
  let last;

  window.walk = {
    /**
     * Call after each Tab. Returns false after a full round. Between the last and the first element, the
     * body has the focus.
     */
    step() {
      if (last !== undefined && lookOf(last.element) === last.look) unseen.push(nameOf(last.element));
      last = undefined;
      const element = document.activeElement;
      if (element === null || element === document.body) return true;
      if (visited.has(groupOf(element))) return false;
      visited.add(groupOf(element));
      last = { element, look: lookOf(element) };
      return true;
    },
    end: () => ({
      visited: visited.size,
      unreached: [...wanted].filter(([element]) => !reached.has(element)).map(([, name]) => name),
      unseen,
    }),
  };
})();
