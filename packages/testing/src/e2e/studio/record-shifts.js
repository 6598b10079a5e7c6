// Runs in a page before anything else. The browser reports elements that move on the screen without user
// input (https://wicg.github.io/layout-instability/). Moves are recorded in `window.moves`, with three
// exceptions:
// - A row in a list sorted by newest moves down when a new one appears above it, unless a pointer is over
//   the list.
// - The content of a chart is redrawn. The chart's own box must not move.
// - A right-aligned number grows to its left.
window.moves = [];

const elementOf = (node) => (node instanceof Element ? node : node.parentElement);

function mayMove(element, right, down) {
  if (!element?.isConnected) return true;
  const list = element.parentElement?.closest('[data-newest-first]');
  if (list && right === 0) return !list.matches(':hover');
  if (element.parentElement?.closest('[role=img]')) return true;
  return down === 0 && ['right', 'end'].includes(getComputedStyle(element).textAlign);
}

function nameOf(node) {
  const region = elementOf(node)?.closest('[aria-label], [aria-labelledby]');
  const label =
    region?.getAttribute('aria-label') ??
    document.getElementById(region?.getAttribute('aria-labelledby') ?? '')?.textContent;
  const text = (node.textContent ?? '').replace(/\s+/g, ' ').trim();
  return `${node.nodeName.toLowerCase()} “${text.slice(0, 60)}” in “${label ?? ''}”`;
}

new PerformanceObserver((list) => {
  for (const { hadRecentInput, sources } of list.getEntries()) {
    if (hadRecentInput) continue;
    for (const { node, previousRect: from, currentRect: to } of sources) {
      const [right, down] = [to.x - from.x, to.y - from.y];
      // Rectangles are clipped to the window. Beyond its edge the size is 0; at its edge they may be equal.
      if (!node || from.width === 0 || to.width === 0) continue;
      if (right === 0 && down === 0 && from.y !== 0) continue;
      if (mayMove(elementOf(node), right, down)) continue;
      window.moves.push(`${nameOf(node)} from ${from.x}, ${from.y} to ${to.x}, ${to.y}`);
    }
  }
}).observe({ type: 'layout-shift', buffered: true });
