/*
 * Runs in a page: follows the focus from element to element while somebody presses Tab, and says in the end which could
 * not be reached, and of which it can not be seen that they have it.
 */
(() => {
  // What fades in is there at once: styles are compared from one key to the next.
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
  /** Of radio buttons one has the focus for all. */
  const groupOf = (element) => (element.type === 'radio' ? `radio ${element.name}` : element);
  const around = (element, levels) =>
    element && levels > 0 ? [element, ...around(element.parentElement, levels - 1)] : [];
  /** An element, and what may show it: the next one, and what it is in, a row or a card. */
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
  const unseen = [];
  let last;

  window.walk = {
    /** After a Tab; false once it has come round. Between the last element and the first the body has the focus. */
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
      unreached: [...wanted].filter(([element]) => !visited.has(element)).map(([, name]) => name),
      unseen,
    }),
  };
})();
